namespace AgentGate.Threats.Rules;

/// <summary>Texts an argument may not contain. Linear: the pieces between wildcards are looked for one after the other.</summary>
internal sealed class BlockedPatterns
{
    private readonly string[][] _patterns;

    public BlockedPatterns(IEnumerable<string> patterns)
        => _patterns = [.. patterns.Select(pattern => Collapse(pattern).Split('*', StringSplitOptions.RemoveEmptyEntries)).Where(pieces => pieces.Length > 0)];

    public bool IsEmpty => _patterns.Length == 0;

    /// <summary>Whether a text contains a blocked pattern.</summary>
    /// <param name="text">One reading of the argument.</param>
    public bool Blocks(ReadOnlySpan<char> text)
    {
        if (IsEmpty)
        {
            return false;
        }

        var collapsed = Collapse(text);
        foreach (var pattern in _patterns)
        {
            if (Contains(collapsed, pattern))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Contains(ReadOnlySpan<char> text, string[] pieces)
    {
        foreach (var piece in pieces)
        {
            var at = text.IndexOf(piece, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
            {
                return false;
            }

            text = text[(at + piece.Length)..];
        }

        return true;
    }

    /// <summary>Every run of white space as one space.</summary>
    private static string Collapse(ReadOnlySpan<char> text)
    {
        var collapsed = new char[text.Length];
        var length = 0;
        foreach (var c in text)
        {
            var white = char.IsWhiteSpace(c);
            if (!white || length == 0 || collapsed[length - 1] != ' ')
            {
                collapsed[length++] = white ? ' ' : c;
            }
        }

        return new string(collapsed, 0, length);
    }
}
