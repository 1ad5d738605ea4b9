using System.Buffers;

namespace AgentGate.Pii.Detection;

/// <summary>Hardware addresses (IEEE 802, EUI-48): six pairs joined by one of <c>:</c> and <c>-</c>, or three fours joined by dots.</summary>
internal static class MacRecognizer
{
    private const int PairsLength = 17;
    private const int FoursLength = 14;

    /// <summary>Three fours of digits alone are the beginning of a card.</summary>
    private static readonly SearchValues<char> HexLetters = SearchValues.Create("abcdefABCDEF");

    /// <summary>Judges a run that is delimited on both sides.</summary>
    public static bool Find(ref ScanPass pass, int start, int end)
    {
        var text = pass.Text[start..end];
        var fits = text.Length switch
        {
            PairsLength => Fits(text, 2, text[2]) && text[2] is ':' or '-',
            FoursLength => Fits(text, 4, '.') && text.ContainsAny(HexLetters),
            _ => false,
        };
        return fits && !IsReserved(text) && pass.Add(PiiKind.MacAddress, start, end, 0.9);
    }

    /// <summary>Tries at the first hyphen of a run of pairs.</summary>
    public static void FindAtHyphen(ref ScanPass pass, int hyphen)
    {
        var start = hyphen - 2;
        var end = start + PairsLength;
        if (start >= 0 && end <= pass.Text.Length && pass.Text[hyphen + 3] == '-' && pass.StartsValue(start) && pass.EndsValue(end)
            && !(start > 0 && pass.Text[start - 1] == '-') && !(end < pass.Text.Length && pass.Text[end] == '-'))
        {
            Find(ref pass, start, end);
        }
    }

    /// <summary>Tries at the first dot of three fours.</summary>
    public static void FindAtDot(ref ScanPass pass, int dot)
    {
        var start = dot - 4;
        var end = start + FoursLength;
        if (start >= 0 && end <= pass.Text.Length && pass.Text[dot + 5] == '.' && pass.StartsValue(start) && pass.EndsValue(end))
        {
            Find(ref pass, start, end);
        }
    }

    private static bool Fits(ReadOnlySpan<char> text, int width, char joint)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i % (width + 1) == width ? text[i] != joint : !char.IsAsciiHexDigit(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>All zeros is no address and all ones is everybody's.</summary>
    private static bool IsReserved(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (char.IsAsciiHexDigit(c) && (c | 0x20) != (text[0] | 0x20))
            {
                return false;
            }
        }

        return text[0] is '0' or 'f' or 'F';
    }
}
