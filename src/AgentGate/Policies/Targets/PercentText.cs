using System.Text;

namespace AgentGate.Policies.Targets;

/// <summary>Percent-encoding (RFC 3986 section 2.1), taken off layer by layer.</summary>
internal static class PercentText
{
    /// <summary>More layers than anybody has a reason for.</summary>
    private const int LayersMax = 8;

    /// <summary>
    /// Decodes until nothing is encoded any more: the text and what each layer leaves, since a reader may stop at any of them.
    /// The fault, where the text is encoded in a way that has no one meaning.
    /// </summary>
    public static string? Decode(string text, out List<string> layers)
    {
        layers = [text];
        for (var layer = 0; layer <= LayersMax; layer++)
        {
            if (!layers[^1].Contains('%', StringComparison.Ordinal))
            {
                return null;
            }

            if (Layer(layers[^1]) is not { } next)
            {
                return "it is percent-encoded and not UTF-8";
            }

            if (string.Equals(next, layers[^1], StringComparison.Ordinal))
            {
                return null;
            }

            layers.Add(next);
        }

        return "it is percent-encoded too many times over";
    }

    /// <summary>One layer less. A percent sign that begins no escape stands for itself, except in the old form <c>%u0041</c>, which some readers take for one.</summary>
    private static string? Layer(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var count = 0;
        for (var i = 0; i < text.Length;)
        {
            if (text[i] != '%')
            {
                // Up to the next sign, so that no surrogate pair is cut.
                var end = text.IndexOf('%', i);
                end = end < 0 ? text.Length : end;
                count += Encoding.UTF8.GetBytes(text.AsSpan(i, end - i), bytes.AsSpan(count));
                i = end;
            }
            else if (i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes[count++] = Convert.FromHexString(text.AsSpan(i + 1, 2))[0];
                i += 3;
            }
            else if (i + 5 < text.Length && text[i + 1] is 'u' or 'U' && IsHex(text.AsSpan(i + 2, 4)))
            {
                return null;
            }
            else
            {
                bytes[count++] = (byte)'%';
                i++;
            }
        }

        try
        {
            return s_strict.GetString(bytes, 0, count);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }
        }

        return true;
    }

    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);
}
