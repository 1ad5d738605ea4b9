using System.Collections.Concurrent;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pii.Detection;
using AgentGate.Pii.Restoring;

namespace AgentGate.Pii;

/// <summary>Searches a content for personal data and for look-alikes of tokens. Thread-safe; a clean content allocates nothing.</summary>
internal sealed class PiiSearch(IPiiScanner scanner)
{
    private const int PooledMax = 64;

    /// <summary>The longest value whose member's name counts as context; a longer text has words of its own.</summary>
    private const int NamedMax = 256;

    private readonly ConcurrentBag<List<PiiMatch>> _pool = [];

    /// <summary>Searches every segment that can be read.</summary>
    /// <param name="content">The content.</param>
    /// <returns>What is to be masked, or nothing; or a denial when a part that must not be changed holds personal data.</returns>
    public (PiiHits? Hits, Verdict.Deny? Denial) Find(CallContent content)
    {
        var matches = _pool.TryTake(out var pooled) ? pooled : [];
        PiiHits? hits = null;
        try
        {
            foreach (ref readonly var segment in content.Segments)
            {
                if (segment.Kind == SegmentKind.Unread || segment.Text.IsEmpty)
                {
                    continue;
                }

                matches.Clear();
                Scan(content, segment, matches);
                if (segment.Kind == SegmentKind.Sealed)
                {
                    if (matches.Count > 0)
                    {
                        return (null, InSealedPart(content, segment.Index, matches));
                    }

                    continue;
                }

                AddLookAlikes(segment.Text.Span, matches);
                if (matches.Count > 0)
                {
                    hits ??= new PiiHits();
                    hits.Add(segment, matches);
                }
            }

            hits?.AddRepeated(content);

            return (hits, null);
        }
        finally
        {
            if (_pool.Count < PooledMax)
            {
                matches.Clear();
                _pool.Add(matches);
            }
        }
    }

    /// <summary>Searches one segment. A bare value, <c>{"ssn": 123456789}</c>, has its context in the name of its member.</summary>
    private void Scan(CallContent content, in Segment segment, List<PiiMatch> matches)
    {
        var named = segment.Text.Length <= NamedMax && segment.Kind is not SegmentKind.Key && segment.Role is not SegmentRole.Protocol;
        scanner.Scan(segment.Text.Span, named ? content.LabelOf(segment.Index).Span : default, matches);
    }

    private static void AddLookAlikes(ReadOnlySpan<char> text, List<PiiMatch> matches)
    {
        var found = matches.Count;
        LookAlikes.Find(text, matches);
        if (found > 0 && matches.Count > found)
        {
            matches.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        }
    }

    private static Verdict.Deny InSealedPart(CallContent content, int index, List<PiiMatch> matches)
    {
        var address = content.AddressOf(index);
        return new Verdict.Deny(
            Codes.PiiInSealedPart,
            "A part that the provider signed holds personal data and cannot be changed; start the conversation anew without it.",
            DenialKind.Forbidden)
        {
            Findings = [.. matches.GroupBy(match => match.Type, StringComparer.Ordinal)
                .Select(group => new Finding(group.Key, address, group.Count(), "in sealed part"))],
        };
    }
}
