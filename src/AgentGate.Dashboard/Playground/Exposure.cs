using System.Buffers;

namespace AgentGate.Dashboard.Playground;

/// <summary>What the call without the gate let happen, read off the two calls that were made.</summary>
internal static class Exposure
{
    private static readonly SearchValues<char> s_typeChars = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    /// <summary>One sentence for each thing.</summary>
    public static IReadOnlyList<string> Of(CallView gated, CallView open)
    {
        var sentences = new List<string>();
        if (open.ReceivedText is null)
        {
            return sentences;
        }

        foreach (var row in gated.Rows.Where(row => row is { IsResponse: false, Tool: null }))
        {
            if (row is { Answer: "transform", Guard: "Pii" })
            {
                sentences.AddRange(row.Findings.GroupBy(finding => finding.Rule)
                    .Select(kind => $"The provider reads {Count(kind.Sum(finding => finding.Count), "value")} of the kind {kind.Key} as typed."));
            }
            else if (row.Answer == "deny")
            {
                sentences.Add($"The message reaches the provider. {row.Guard} refuses it ({row.Code}).");
            }
        }

        return sentences;
    }

    /// <summary>Cuts a text at the places where another form of it holds tokens: (text, whether a token stands for it).</summary>
    public static IReadOnlyList<(string Text, bool IsMarked)> Raw(string text, string? masked)
    {
        var pieces = masked is null ? [] : Tokens(masked);
        if (pieces.All(piece => !piece.IsMarked))
        {
            return [(text, false)];
        }

        var parts = new List<(string, bool)>();
        var at = 0;
        foreach (var (literal, _) in pieces.Where(piece => !piece.IsMarked))
        {
            var found = text.IndexOf(literal, at, StringComparison.Ordinal);
            if (found < 0)
            {
                return [(text, false)];
            }

            Add(text[at..found], true);
            Add(literal, false);
            at = found + literal.Length;
        }

        Add(text[at..], true);
        return parts;

        void Add(string part, bool isMarked)
        {
            if (part.Length > 0)
            {
                parts.Add((part, isMarked));
            }
        }
    }

    /// <summary>Cuts a text at its tokens, <c>&lt;TYPE_N&gt;</c>.</summary>
    public static IReadOnlyList<(string Text, bool IsMarked)> Tokens(string text)
    {
        var parts = new List<(string, bool)>();
        var from = 0;
        for (var at = text.IndexOf('<', StringComparison.Ordinal); at >= 0; at = text.IndexOf('<', at + 1))
        {
            var end = text.IndexOf('>', at);
            if (end < 0)
            {
                break;
            }

            if (IsToken(text.AsSpan(at + 1, end - at - 1)))
            {
                if (at > from)
                {
                    parts.Add((text[from..at], false));
                }

                parts.Add((text[at..(end + 1)], true));
                from = end + 1;
                at = end;
            }
        }

        if (from < text.Length)
        {
            parts.Add((text[from..], false));
        }

        return parts;
    }

    private static bool IsToken(ReadOnlySpan<char> inner)
    {
        var cut = inner.LastIndexOf('_');
        return cut > 0 && cut < inner.Length - 1
            && !inner[..cut].ContainsAnyExcept(s_typeChars)
            && !inner[(cut + 1)..].ContainsAnyExceptInRange('0', '9');
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
