namespace AgentGate.Threats.Shell;

/// <summary>Where an address leads.</summary>
internal enum AddressReach
{
    /// <summary>The public network, or nowhere.</summary>
    Public,

    /// <summary>A private network (RFC 1918, RFC 4193, RFC 6598).</summary>
    Private,

    /// <summary>The machine itself (RFC 1122, section 3.2.1.3; RFC 6761, section 6.3).</summary>
    Loopback,

    /// <summary>The link (RFC 3927).</summary>
    Link,

    /// <summary>The metadata service of a cloud: it hands out credentials.</summary>
    Metadata,
}

/// <summary>
/// Reads a host as every resolver would: names, IPv4 in the one- to four-part forms of <c>inet_aton</c> with decimal,
/// octal and hexadecimal numbers, and IPv6 with embedded IPv4.
/// </summary>
internal static class AddressReader
{
    private static readonly string[] s_metadata =
    [
        "metadata.google.internal", "metadata.goog", "metadata", "instance-data", "instance-data.ec2.internal", "metadata.tencentyun.com", "metadata.azure.internal",
        "metadata.packet.net", "metadata.platformequinix.com", "metadata.nicholas.internal",
    ];

    private static readonly string[] s_rebinding = ["nip.io", "xip.io", "sslip.io", "localtest.me", "lvh.me", "vcap.me", "lacolhost.com", "127-0-0-1.org.uk", "1u.ms", "rbndr.us", "localho.st", "readme.localtest.me"];

    /// <summary>Where a host leads, and whether it is written so that a filter would not see it.</summary>
    /// <param name="host">The host, without port; IPv6 in brackets or without.</param>
    /// <param name="isDisguised">Whether it is an address in an unusual form.</param>
    public static AddressReach Read(ReadOnlySpan<char> host, out bool isDisguised)
    {
        isDisguised = false;
        host = host.TrimEnd('.');
        if (host.IsEmpty)
        {
            return AddressReach.Public;
        }

        if (host[0] == '[' || host.Count(':') > 1)
        {
            return ReadIPv6(host.Trim("[]".AsSpan()), out isDisguised);
        }

        if (TryReadIPv4(host, out var address, out isDisguised))
        {
            return Reach(address);
        }

        isDisguised = false;
        if (Is(host, "localhost") || EndsWith(host, ".localhost") || Is(host, "localhost.localdomain") || Is(host, "ip6-localhost") || Is(host, "ip6-loopback"))
        {
            return AddressReach.Loopback;
        }

        foreach (var name in s_metadata)
        {
            if (Is(host, name))
            {
                return AddressReach.Metadata;
            }
        }

        foreach (var name in s_rebinding)
        {
            if (host.EndsWith(name, StringComparison.OrdinalIgnoreCase) && (host.Length == name.Length || host[^(name.Length + 1)] == '.'))
            {
                isDisguised = true;
                return AddressReach.Private;
            }
        }

        return EndsWith(host, ".internal") || EndsWith(host, ".cluster.local") || Is(host, "host.docker.internal") || Is(host, "kubernetes.default.svc") ? AddressReach.Private : AddressReach.Public;
    }

    /// <summary>Reads IPv4 as <c>inet_aton</c> does.</summary>
    public static bool TryReadIPv4(ReadOnlySpan<char> host, out uint address, out bool isDisguised)
    {
        address = 0;
        isDisguised = false;
        Span<ulong> parts = stackalloc ulong[4];
        var count = 0;
        while (true)
        {
            if (count == 4)
            {
                return false;
            }

            var dot = host.IndexOf('.');
            var part = dot < 0 ? host : host[..dot];
            if (!TryReadNumber(part, out parts[count], ref isDisguised))
            {
                return false;
            }

            count++;
            if (dot < 0)
            {
                break;
            }

            host = host[(dot + 1)..];
        }

        var last = parts[count - 1];
        var max = (1UL << (8 * (5 - count))) - 1;
        if (last > max)
        {
            return false;
        }

        ulong value = last;
        for (var i = 0; i < count - 1; i++)
        {
            if (parts[i] > 255)
            {
                return false;
            }

            value |= parts[i] << (24 - (8 * i));
        }

        address = (uint)value;
        isDisguised |= count < 4;
        return true;
    }

    /// <summary>Where an IPv4 address leads.</summary>
    public static AddressReach Reach(uint address)
    {
        var a = address >> 24;
        var b = (address >> 16) & 255;
        return address is 0xa9fea9fe or 0x646464c8 or 0xc0000001 or 0xa9feaa02 ? AddressReach.Metadata
            : a is 127 or 0 ? AddressReach.Loopback
            : a == 169 && b == 254 ? AddressReach.Link
            : a == 10 || (a == 172 && b is >= 16 and < 32) || (a == 192 && b == 168) || (a == 100 && b is >= 64 and < 128) ? AddressReach.Private
            : AddressReach.Public;
    }

    private static AddressReach ReadIPv6(ReadOnlySpan<char> host, out bool isDisguised)
    {
        isDisguised = false;
        var zone = host.IndexOf('%');
        host = zone < 0 ? host : host[..zone];
        if (!System.Net.IPAddress.TryParse(host, out var address) || address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            return AddressReach.Public;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (bytes[..15].IndexOfAnyExcept((byte)0) < 0)
        {
            return AddressReach.Loopback;
        }

        var embedded = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]);
        var isMapped = bytes[..10].IndexOfAnyExcept((byte)0) < 0 && ((bytes[10] == 0xff && bytes[11] == 0xff) || (bytes[10] == 0 && bytes[11] == 0));
        var isTranslated = bytes[0] == 0 && bytes[1] == 0x64 && bytes[2] == 0xff && bytes[3] == 0x9b;
        if (isMapped || isTranslated)
        {
            isDisguised = true;
            return Reach(embedded);
        }

        if (bytes[0] == 0xfd && bytes[1] == 0 && bytes[2] == 0x0e && bytes[3] == 0xc2)
        {
            return AddressReach.Metadata;
        }

        return (bytes[0] & 0xfe) == 0xfc ? AddressReach.Private : bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80 ? AddressReach.Link : AddressReach.Public;
    }

    private static bool TryReadNumber(ReadOnlySpan<char> part, out ulong value, ref bool isDisguised)
    {
        value = 0;
        if (part.IsEmpty || part.Length > 24)
        {
            return false;
        }

        var numberBase = 10u;
        if (part.Length > 1 && part[0] == '0')
        {
            var isHex = part[1] is 'x' or 'X';
            numberBase = isHex ? 16u : 8u;
            part = part[(isHex ? 2 : 1)..];
            isDisguised = true;
            if (part.IsEmpty)
            {
                return false;
            }
        }

        foreach (var c in part)
        {
            var digit = char.IsAsciiHexDigit(c) ? (uint)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10) : 99;
            if (digit >= numberBase)
            {
                return false;
            }

            value = (value * numberBase) + digit;
            if (value > uint.MaxValue)
            {
                return false;
            }
        }

        return true;
    }

    private static bool Is(ReadOnlySpan<char> host, string name) => host.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static bool EndsWith(ReadOnlySpan<char> host, string name) => host.EndsWith(name, StringComparison.OrdinalIgnoreCase);
}
