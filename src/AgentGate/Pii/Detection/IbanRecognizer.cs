namespace AgentGate.Pii.Detection;

/// <summary>International bank account numbers (ISO 13616): country, check digits, the country's own structure, and MOD 97-10 (ISO/IEC 7064).</summary>
internal static class IbanRecognizer
{
    private const int Longest = 34;

    /// <summary>Tries at a position where a word begins.</summary>
    public static bool Find(ref ScanPass pass, int at)
    {
        var text = pass.Text;
        if (at + 15 > text.Length || !char.IsAsciiLetter(text[at]) || !char.IsAsciiLetter(text[at + 1])
            || !pass.StartsValue(at) || !IbanRegistry.TryGet(text[at], text[at + 1], out var structures))
        {
            return false;
        }

        Span<char> value = stackalloc char[Longest];
        Span<int> ends = stackalloc int[Longest];
        var count = 0;
        for (var i = at; i < text.Length && count < Longest; i++)
        {
            var c = text[i];
            if (char.IsAsciiLetterOrDigit(c))
            {
                value[count] = char.ToUpperInvariant(c);
                ends[count++] = i + 1;
            }
            else if (c is not (' ' or '-' or '.') || count < 4 || (!char.IsAsciiLetterOrDigit(text[i - 1]) && !(c == ' ' && char.IsAsciiLetterOrDigit(text[i - 2]))))
            {
                break;
            }
        }

        pass.Work += count;
        foreach (var structure in structures)
        {
            var length = structure.Length + 2;
            if (count >= length && Fits(value[2..length], structure) && pass.EndsValue(ends[length - 1]) && PassesMod97(value[..length]))
            {
                return pass.Add(PiiKind.Iban, at, ends[length - 1], 0.95);
            }
        }

        return false;
    }

    private static bool Fits(ReadOnlySpan<char> value, string structure)
    {
        for (var i = 0; i < structure.Length; i++)
        {
            var fits = structure[i] switch
            {
                'n' => char.IsAsciiDigit(value[i]),
                'a' => char.IsAsciiLetter(value[i]),
                _ => char.IsAsciiLetterOrDigit(value[i]),
            };
            if (!fits)
            {
                return false;
            }
        }

        return true;
    }

    private static bool PassesMod97(ReadOnlySpan<char> value)
    {
        var rest = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[(i + 4) % value.Length];
            rest = char.IsAsciiDigit(c) ? ((rest * 10) + (c - '0')) % 97 : ((rest * 100) + (c - 'A' + 10)) % 97;
        }

        return rest == 1;
    }
}
