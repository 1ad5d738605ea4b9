using System.Globalization;

namespace AgentGate.Kernel.Canonical;

/// <summary>Numbers as ECMAScript prints them (ECMA-262 §6.1.6.1.20 Number::toString), which RFC 8785 §3.2.2.3 demands.</summary>
internal static class CanonicalNumber
{
    /// <summary>The largest integer below which every integer is exact (2^53 − 1, ECMA-262 §21.1.2.6).</summary>
    public const long MaxExact = 9_007_199_254_740_991;

    public static void Write(CanonicalBuffer output, long value)
    {
        value.TryFormat(output.Reserve(20), out var written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    public static void Write(CanonicalBuffer output, double value)
    {
        if (value == 0)
        {
            output.Write("0"u8);
            return;
        }

        if (value < 0)
        {
            output.Write("-"u8);
            value = -value;
        }

        // "R" gives the shortest digits that read back as the same double, in .NET's own notation.
        Span<byte> digits = stackalloc byte[32];
        var count = ShortestDigits(value, digits, out var point);
        WriteDigits(output, digits[..count], point);
    }

    /// <summary>The significant digits without leading or trailing zeros, and where the decimal point stands before or after them.</summary>
    private static int ShortestDigits(double value, Span<byte> digits, out int point)
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        text = text[..length];

        var exponent = 0;
        var e = text.IndexOf((byte)'E');
        if (e >= 0)
        {
            exponent = int.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..e];
        }

        var dot = text.IndexOf((byte)'.');
        var whole = dot < 0 ? text.Length : dot;
        var count = 0;
        var leading = 0;
        foreach (var c in text)
        {
            if (c == '.')
            {
                continue;
            }

            if (c == '0' && count == 0)
            {
                leading++;
                continue;
            }

            digits[count++] = c;
        }

        point = whole - leading + exponent;
        while (count > 1 && digits[count - 1] == '0')
        {
            count--;
        }

        return count;
    }

    private static void WriteDigits(CanonicalBuffer output, ReadOnlySpan<byte> digits, int point)
    {
        var k = digits.Length;
        if (k <= point && point <= 21)
        {
            output.Write(digits);
            WriteZeros(output, point - k);
        }
        else if (point is > 0 and <= 21)
        {
            output.Write(digits[..point]);
            output.Write("."u8);
            output.Write(digits[point..]);
        }
        else if (point is > -6 and <= 0)
        {
            output.Write("0."u8);
            WriteZeros(output, -point);
            output.Write(digits);
        }
        else
        {
            output.Write(digits[..1]);
            if (k > 1)
            {
                output.Write("."u8);
                output.Write(digits[1..]);
            }

            output.Write(point > 0 ? "e+"u8 : "e-"u8);
            Write(output, (long)Math.Abs(point - 1));
        }
    }

    private static void WriteZeros(CanonicalBuffer output, int count)
    {
        for (var i = 0; i < count; i++)
        {
            output.Write("0"u8);
        }
    }
}
