namespace AgentGate.Threats.Normalization;

/// <summary>Text inside base64 (RFC 4648 §4 and §5, with or without padding), where a tool declares it or a <c>data:</c> address says so.</summary>
internal static class Base64Layer
{
    private const string Marker = ";base64,";
    private const string Tail = "64,";

    /// <summary>Finds the next piece that a <c>data:</c> address marks.</summary>
    public static bool TryNext(ReadOnlySpan<char> text, ref int from, out int start, out int length)
    {
        (start, length) = (0, 0);
        start = from;
        do
        {
            // The end of the marker has no letters and is rarer than its beginning.
            var tail = start < text.Length ? text[start..].IndexOf(Tail, StringComparison.Ordinal) : -1;
            if (tail < 0)
            {
                start = 0;
                return false;
            }

            start += tail + Tail.Length;
        }
        while (start - Marker.Length < from || !text[(start - Marker.Length)..start].Equals(Marker, StringComparison.OrdinalIgnoreCase));

        while (start + length < text.Length && Value(text[start + length]) is >= 0)
        {
            length++;
        }

        from = start + length;
        return true;
    }

    /// <summary>Adds what a piece holds when it is text; bytes beyond ASCII stay as they are, attacks are made of ASCII.</summary>
    /// <returns>Whether it holds text.</returns>
    public static bool Decode(in TextReading piece, ref ReadingBuffer buffer)
    {
        var bits = 0;
        var count = 0;
        var controls = 0;
        for (var i = 0; i < piece.Text.Length; i++)
        {
            var value = Value(piece.Text[i]);
            if (value < 0)
            {
                if (char.IsWhiteSpace(piece.Text[i]))
                {
                    continue;
                }

                break;
            }

            bits = ((bits << 6) | value) & 0xFFFFFF;
            count += 6;
            if (count < 8)
            {
                continue;
            }

            count -= 8;
            var unit = (char)((bits >> count) & 0xFF);
            controls += unit < 0x20 && unit is not ('\t' or '\n' or '\r' or '\0') ? 1 : 0;
            buffer.Add(unit, piece.ToSource(i));
        }

        // Two control characters in a hundred are no text.
        return buffer.Length > 2 && controls * 50 <= buffer.Length;
    }

    private static int Value(char c) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        '+' or '-' => 62,
        '/' or '_' => 63,
        _ => -1,
    };
}
