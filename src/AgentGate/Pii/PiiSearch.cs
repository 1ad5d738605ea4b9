using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pii.Detection;
using AgentGate.Pii.Restoring;
using AgentGate.Pipeline;

namespace AgentGate.Pii;

/// <summary>Searches a content for personal data and for look-alikes of tokens. Thread-safe; a clean content allocates nothing.</summary>
internal sealed class PiiSearch(IPiiScanner scanner)
{
    private const int PooledMax = 16;

    /// <summary>The longest value whose member's name counts as context; a longer text has words of its own.</summary>
    private const int NamedMax = 256;

    private readonly SparePool<List<PiiMatch>> _pool = new(PooledMax);

    /// <summary>Searches every segment that can be read.</summary>
    /// <param name="content">The content.</param>
    /// <param name="lookAlikes">Whether look-alikes of tokens are to be masked too.</param>
    /// <returns>What is to be masked, or nothing; or a denial when a part that must not be changed holds personal data.</returns>
    public (PiiHits? Hits, Verdict.Deny? Denial) Find(CallContent content, bool lookAlikes = true)
    {
        var matches = _pool.Take() ?? [];
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
                        return (null, InSealedPart(matches));
                    }

                    continue;
                }

                if (lookAlikes)
                {
                    AddLookAlikes(segment.Text.Span, matches);
                }

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
            matches.Clear();
            _pool.Give(matches);
        }
    }

    /// <summary>Whether an address may go on record: the names it is made of hold no personal data.</summary>
    public bool IsClean(string? address)
    {
        if (address is null)
        {
            return true;
        }

        List<PiiMatch> matches = [];
        scanner.Scan(address, matches);
        return matches.Count == 0;
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

    /// <summary>No address: it would name the keys of a part that cannot be masked, and findings go on record.</summary>
    private static Verdict.Deny InSealedPart(List<PiiMatch> matches)
        => new(
            Codes.PiiInSealedPart,
            "A part that the provider signed holds personal data and cannot be changed; start the conversation anew without it.",
            DenialKind.Forbidden)
        {
            Findings = [.. matches.GroupBy(match => match.Type, StringComparer.Ordinal)
                .Select(group => new Finding(group.Key, null, group.Count(), "in sealed part"))],
        };
}
