namespace AgentGate.Cedar.Entities;

/// <summary>Reads runs of ASCII digits, of any length, into 64 bits.</summary>
internal static class DigitReader
{
    /// <summary>Reads a whole span of at least one digit; <see langword="false"/> when it is something else or does not fit.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        if (text.IsEmpty)
        {
            return false;
        }

        foreach (var letter in text)
        {
            if (!char.IsAsciiDigit(letter))
            {
                return false;
            }

            var digit = (ulong)(letter - '0');
            if (value > (ulong.MaxValue - digit) / 10)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        return true;
    }

    /// <summary>Reads exactly <paramref name="count"/> digits at the start and moves behind them.</summary>
    public static bool TryTake(ref ReadOnlySpan<char> text, int count, out int value)
    {
        value = 0;
        if (text.Length < count || !TryRead(text[..count], out var read))
        {
            return false;
        }

        value = (int)read;
        text = text[count..];
        return true;
    }
}
