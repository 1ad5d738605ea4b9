namespace AgentGate.Pii.Detection;

/// <summary>Tells random strings from words, placeholders and counters.</summary>
internal static class Entropy
{
    /// <summary>Enough to judge: longer values are judged by their beginning.</summary>
    private const int Judged = 96;

    /// <summary>Shannon entropy in bits per character, over the first characters.</summary>
    public static double BitsPerCharacter(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, Judged)];
        Span<byte> counts = stackalloc byte[128];
        counts.Clear();
        foreach (var c in text)
        {
            counts[c & 127]++;
        }

        var bits = 0.0;
        foreach (var count in counts)
        {
            if (count > 0)
            {
                var share = (double)count / text.Length;
                bits -= share * Math.Log2(share);
            }
        }

        return bits;
    }

    /// <summary>Whether the text uses about as many different characters as a random one of its length would, and seldom one twice in a row.</summary>
    public static bool LooksRandom(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, Judged)];
        var low = 0UL;
        var high = 0UL;
        var repeated = 0;
        var last = '\0';
        foreach (var c in text)
        {
            repeated += c == last ? 1 : 0;
            last = c;
            if (c < 64)
            {
                low |= 1UL << c;
            }
            else
            {
                high |= 1UL << (c & 63);
            }
        }

        var different = System.Numerics.BitOperations.PopCount(low) + System.Numerics.BitOperations.PopCount(high);
        return repeated <= text.Length / 2 && different >= Math.Min(9, Math.Max(5, text.Length / 3));
    }
}
