using System.Globalization;
using System.Text;

namespace AgentGate.Cedar.Entities;

/// <summary>
/// Addresses as text, strictly: four decimal numbers without leading zeros (RFC 6943 section 3.1.1 says what happens otherwise), or
/// RFC 4291 section 2.2 forms 1 and 2. .NET's own parser also takes octal, hexadecimal, zones and single numbers.
/// </summary>
internal static class IpText
{
    private const int Groups = 8;

    public static bool TryReadV4(ReadOnlySpan<char> text, out UInt128 address)
    {
        address = 0;
        var octets = 0;
        foreach (var part in text.Split('.'))
        {
            var digits = text[part];
            if (++octets > 4 || digits.Length > 3 || !DigitReader.TryRead(digits, out var octet) || octet > 255 || (digits[0] == '0' && digits.Length > 1))
            {
                return false;
            }

            address = (address << 8) | octet;
        }

        return octets == 4;
    }

    public static bool TryReadV6(ReadOnlySpan<char> text, out UInt128 address)
    {
        address = 0;
        var gap = text.IndexOf("::");
        if (gap < 0)
        {
            return TryReadGroups(text, out address, out var all) && all == Groups;
        }

        // The gap stands for at least one group.
        if (!TryReadGroups(text[..gap], out var head, out var before) || !TryReadGroups(text[(gap + 2)..], out var tail, out var after)
            || before + after >= Groups)
        {
            return false;
        }

        // Shifting by all 128 bits would leave the number as it is.
        address = before == 0 ? tail : (head << (16 * (Groups - before))) | tail;
        return true;
    }

    public static string WriteV4(uint address)
        => string.Create(CultureInfo.InvariantCulture, $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}");

    /// <summary>RFC 5952, except that IPv4 inside IPv6 is written as hexadecimal groups: Cedar does not read the other form.</summary>
    public static string WriteV6(UInt128 address)
    {
        Span<ushort> groups = stackalloc ushort[Groups];
        for (var i = 0; i < Groups; i++)
        {
            groups[i] = (ushort)(address >> (16 * (Groups - 1 - i)));
        }

        var (start, length) = LongestZeros(groups);
        var builder = new StringBuilder();
        for (var i = 0; i < Groups; i++)
        {
            if (i == start && length > 1)
            {
                builder.Append("::");
                i += length - 1;
                continue;
            }

            if (builder.Length > 0 && builder[^1] != ':')
            {
                builder.Append(':');
            }

            builder.Append(CultureInfo.InvariantCulture, $"{groups[i]:x}");
        }

        return builder.ToString();
    }

    private static bool TryReadGroups(ReadOnlySpan<char> text, out UInt128 number, out int count)
    {
        (number, count) = (0, 0);
        if (text.IsEmpty)
        {
            return true;
        }

        foreach (var part in text.Split(':'))
        {
            var digits = text[part];
            if (++count > Groups || digits.Length is 0 or > 4
                || !ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var group))
            {
                return false;
            }

            number = (number << 16) | group;
        }

        return true;
    }

    private static (int Start, int Length) LongestZeros(ReadOnlySpan<ushort> groups)
    {
        var (start, length) = (-1, 0);
        for (var i = 0; i < groups.Length; i++)
        {
            var end = i;
            while (end < groups.Length && groups[end] == 0)
            {
                end++;
            }

            if (end - i > length)
            {
                (start, length) = (i, end - i);
            }

            i = Math.Max(i, end - 1);
        }

        return (start, length);
    }
}
