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

    /// <summary>The longest value that is searched together with its member's name, and the longest name.</summary>
    private const int LabelledMax = 128;
    private const int LabelMax = 64;

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

    /// <summary>
    /// Searches one segment. A bare value, <c>{"ssn": 123456789}</c>, has its context in the name of its member, so a short
    /// value of a named member is searched with the name before it.
    /// </summary>
    private void Scan(CallContent content, in Segment segment, List<PiiMatch> matches)
    {
        var text = segment.Text.Span;
        if (text.Length > LabelledMax || segment.Kind is SegmentKind.Key || segment.Role is SegmentRole.Protocol || !text.ContainsAnyInRange('0', '9'))
        {
            scanner.Scan(text, matches);
            return;
        }

        var label = content.LabelOf(segment.Index).Span;
        if (label.IsEmpty || label.Length > LabelMax || label is "content" or "text")
        {
            scanner.Scan(text, matches);
            return;
        }

        Span<char> labelled = stackalloc char[(2 * LabelMax) + 2 + LabelledMax];
        var start = WriteLabel(label, labelled);
        text.CopyTo(labelled[start..]);
        scanner.Scan(labelled[..(start + text.Length)], matches);
        for (var i = matches.Count - 1; i >= 0; i--)
        {
            if (matches[i].Start >= start)
            {
                matches[i] = matches[i] with { Start = matches[i].Start - start };
            }
            else
            {
                matches.RemoveAt(i);
            }
        }

        // What the name hides (a name that itself looks like part of the value) the bare text still shows.
        if (matches.Count == 0)
        {
            scanner.Scan(text, matches);
        }
    }

    /// <summary>Writes a member's name as words: <c>accountNumber</c> and <c>account_number</c> become <c>account number: </c>.</summary>
    private static int WriteLabel(ReadOnlySpan<char> label, Span<char> words)
    {
        var length = 0;
        for (var i = 0; i < label.Length; i++)
        {
            if (i > 0 && char.IsUpper(label[i]) && char.IsLower(label[i - 1]))
            {
                words[length++] = ' ';
            }

            words[length++] = label[i] is '_' or '-' or '.' ? ' ' : label[i];
        }

        words[length++] = ':';
        words[length++] = ' ';
        return length;
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
