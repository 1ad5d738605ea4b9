using System.Text.RegularExpressions;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Pii.Restoring;

/// <summary>
/// Restores the texts of one whole answer. The parts of one choice that stand at the same place of the document except for
/// their numbers are joined by the callers' libraries, so an address that one of them leaves open goes on in the next.
/// Not thread-safe.
/// </summary>
internal sealed partial class AnswerTexts(CallContent content, LiveTokens live, RestoreHosts hosts)
{
    private readonly Dictionary<string, UrlContext> _ends = new(StringComparer.Ordinal);
    private readonly bool _mayJoin = HoldsTokens(content);

    /// <summary>Restores the next segment; <see langword="null"/> when it stays as it is.</summary>
    public string? Next(in Segment segment, RestoreTally tally)
    {
        var joins = _mayJoin && segment is { Kind: SegmentKind.Text, Role: SegmentRole.Assistant };
        if (!joins)
        {
            return TokenGrammar.NextBegin(segment.Text.Span) < 0
                ? null
                : new TextRestorer(live, hosts, tally).Push(segment.Text, end: true);
        }

        var place = Numbers().Replace(content.AddressOf(segment.Index), "/0");
        var restorer = _ends.TryGetValue(place, out var before)
            ? new TextRestorer(live, hosts, tally, before)
            : new TextRestorer(live, hosts, tally);
        var restored = restorer.Push(segment.Text, end: true);
        _ends[place] = restorer.Context;
        return restored;
    }

    private static bool HoldsTokens(CallContent content)
    {
        foreach (ref readonly var segment in content.Segments)
        {
            if (segment is { Kind: SegmentKind.Text, Role: SegmentRole.Assistant } && TokenGrammar.NextBegin(segment.Text.Span) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex("(?<!^/choices)/[0-9]+(?![^/])", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}
