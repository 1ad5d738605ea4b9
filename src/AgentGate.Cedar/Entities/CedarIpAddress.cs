using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace AgentGate.Cedar.Entities;

/// <summary>An IPv4 or IPv6 address, or a range of them in CIDR notation.</summary>
/// <remarks>Two ranges are equal only when address and prefix are: <c>10.0.0.1/8</c> is not <c>10.0.0.2/8</c>.</remarks>
public sealed class CedarIpAddress : CedarValue
{
    private const int MaxLength = 43;

    private CedarIpAddress(bool isV4, UInt128 address, int prefix)
    {
        IsIpv4 = isV4;
        Address = address;
        PrefixLength = prefix;
    }

    /// <summary>Whether it is IPv4; otherwise it is IPv6.</summary>
    public bool IsIpv4 { get; }

    /// <summary>The address as a number; 32 bits for IPv4.</summary>
    public UInt128 Address { get; }

    /// <summary>The length of the network prefix in bits; 32 or 128 for one address.</summary>
    public int PrefixLength { get; }

    /// <inheritdoc />
    public override CedarValueKind Kind => CedarValueKind.IpAddress;

    /// <summary>Whether all of it is loopback: in 127.0.0.0/8, or ::1.</summary>
    public bool IsLoopback => IsIpv4 ? Address >> 24 == 127 && PrefixLength >= 8 : Address == 1 && PrefixLength == 128;

    /// <summary>Whether all of it is multicast: in 224.0.0.0/4, or in ff00::/8.</summary>
    public bool IsMulticast => IsIpv4 ? Address >> 28 == 0xE && PrefixLength >= 4 : Address >> 120 == 0xFF && PrefixLength >= 8;

    private int Width => IsIpv4 ? 32 : 128;

    private UInt128 HostMask => PrefixLength == 0 && !IsIpv4 ? UInt128.MaxValue : (UInt128.One << (Width - PrefixLength)) - 1;

    /// <summary>Reads the argument of <c>ip("…")</c>: an address as it is commonly written, perhaps with a prefix length. No leading zeros, no IPv4 inside IPv6, no zone.</summary>
    /// <returns><see langword="false"/> when it is not one.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out CedarIpAddress? value)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = null;
        if (text.Length > MaxLength)
        {
            return false;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = slash < 0 ? text.AsSpan() : text.AsSpan(0, slash);
        var isV4 = IpText.TryReadV4(address, out var number);
        if (!isV4 && !IpText.TryReadV6(address, out number))
        {
            return false;
        }

        var prefix = isV4 ? 32 : 128;
        if (slash >= 0 && !TryReadPrefix(text.AsSpan(slash + 1), prefix, out prefix))
        {
            return false;
        }

        value = new CedarIpAddress(isV4, number, prefix);
        return true;
    }

    /// <summary>An address from .NET's own; an IPv4 address mapped into IPv6 becomes IPv4, the zone is dropped.</summary>
    public static CedarIpAddress From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        UInt128 number = 0;
        foreach (var part in bytes)
        {
            number = (number << 8) | part;
        }

        var isV4 = bytes.Length == 4;
        return new CedarIpAddress(isV4, number, isV4 ? 32 : 128);
    }

    /// <summary>Whether all of it lies in a range; never between IPv4 and IPv6.</summary>
    public bool IsInRange(CedarIpAddress range)
    {
        ArgumentNullException.ThrowIfNull(range);
        return IsIpv4 == range.IsIpv4
            && (range.Address & ~range.HostMask) <= (Address & ~HostMask)
            && (Address | HostMask) <= (range.Address | range.HostMask);
    }

    /// <inheritdoc />
    public override bool Equals(CedarValue? other)
        => other is CedarIpAddress same && same.IsIpv4 == IsIpv4 && same.Address == Address && same.PrefixLength == PrefixLength;

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(NumberHash.Of(Kind, (long)(ulong)Address), NumberHash.Of(Kind, (long)(ulong)(Address >> 64)), IsIpv4, PrefixLength);

    /// <inheritdoc />
    public override string ToString() => $"ip(\"{ToArgument()}\")";

    /// <summary>The argument of the constructor that makes this value.</summary>
    internal string ToArgument()
    {
        var address = IsIpv4 ? IpText.WriteV4((uint)Address) : IpText.WriteV6(Address);
        return PrefixLength == Width ? address : string.Create(CultureInfo.InvariantCulture, $"{address}/{PrefixLength}");
    }

    private static bool TryReadPrefix(ReadOnlySpan<char> text, int max, out int prefix)
    {
        prefix = 0;
        if (text.Length > (max == 32 ? 2 : 3) || !DigitReader.TryRead(text, out var read) || read > (ulong)max || (text[0] == '0' && text.Length > 1))
        {
            return false;
        }

        prefix = (int)read;
        return true;
    }
}
