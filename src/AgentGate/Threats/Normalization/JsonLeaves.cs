namespace AgentGate.Threats.Normalization;

/// <summary>
/// The strings inside a text that is a JSON object, array or string. A string that holds JSON is told from its first and last
/// character; it need not be valid, because whoever reads it may be lenient. One pass, without recursion.
/// </summary>
internal static class JsonLeaves
{
    /// <summary>Whether a text looks like a JSON document with a string in it.</summary>
    public static bool IsJson(ReadOnlySpan<char> text)
    {
        var start = text.IndexOfAnyExcept(" \t\r\n");
        var end = text.LastIndexOfAnyExcept(" \t\r\n");
        return end - start >= 3
            && (text[start], text[end]) is ('{', '}') or ('[', ']') or ('"', '"')
            && text.Contains('"')
            && (text[start] != '"' || text[(start + 1)..end].IndexOf('"') is var quote && (quote < 0 || text[start + quote] == '\\'));
    }

    /// <summary>Finds the next string.</summary>
    /// <param name="text">The document.</param>
    /// <param name="from">Where to go on; moved behind the string.</param>
    /// <param name="start">Where the string begins, behind its quote.</param>
    /// <param name="length">How long it is, escapes included.</param>
    /// <param name="isEscaped">Whether it holds an escape.</param>
    public static bool TryNext(ReadOnlySpan<char> text, ref int from, out int start, out int length, out bool isEscaped)
    {
        (start, length, isEscaped) = (0, 0, false);
        var quote = from < text.Length ? text[from..].IndexOf('"') : -1;
        if (quote < 0)
        {
            return false;
        }

        start = from + quote + 1;
        var at = start;
        while (at < text.Length)
        {
            var stop = text[at..].IndexOfAny('"', '\\');
            if (stop < 0)
            {
                at = text.Length;
                break;
            }

            at += stop;
            if (text[at] == '"')
            {
                break;
            }

            isEscaped = true;
            at += 2;
        }

        at = Math.Min(at, text.Length);
        length = at - start;
        from = at + 1;
        return true;
    }

    /// <summary>Adds a string with its escapes taken off (RFC 8259 §7); an unknown escape loses its backslash.</summary>
    public static void Unescape(in TextReading leaf, ref ReadingBuffer buffer)
    {
        var text = leaf.Text;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                buffer.Add(text[i], leaf.ToSource(i));
                continue;
            }

            var origin = leaf.ToSource(i);
            var escape = text[++i];
            if (escape == 'u' && i + 4 < text.Length && ushort.TryParse(
                text.Slice(i + 1, 4), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var unit))
            {
                buffer.Add((char)unit, origin);
                i += 4;
                continue;
            }

            buffer.Add(escape switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', _ => escape }, origin);
        }
    }
}
