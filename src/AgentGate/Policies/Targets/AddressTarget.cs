using System.Diagnostics.CodeAnalysis;
using System.Net;
using AgentGate.Cedar.Entities;

namespace AgentGate.Policies.Targets;

/// <summary>Network addresses and ranges, strictly as Cedar reads them: <c>10.0.0.01</c> is none.</summary>
internal static class AddressTarget
{
    /// <summary>The prefix of IPv4 addresses written as IPv6 (RFC 4291 section 2.5.5.2).</summary>
    private static readonly UInt128 s_mapped = (UInt128)0xFFFF << 32;

    /// <summary>Reads an address or a range.</summary>
    public static TargetReading Read(string text)
    {
        if (!CedarIpAddress.TryParse(text, out var address))
        {
            return TargetReading.No("it is no network address");
        }

        address = Unmapped(address);
        return new([new Target(new(PolicyNames.Address, IdOf(address)), [], [new("ip", address)])], null);
    }

    /// <summary>An address of a connection as policies see it: IPv4 also where the socket says it as IPv6, and without a zone.</summary>
    public static bool TryRead(IPAddress source, [NotNullWhen(true)] out CedarIpAddress? address)
    {
        var plain = source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : new IPAddress(source.GetAddressBytes());
        if (!CedarIpAddress.TryParse(plain.ToString(), out address) && !CedarIpAddress.TryParse(Groups(plain), out address))
        {
            return false;
        }

        address = Unmapped(address);
        return true;
    }

    /// <summary>The same address as IPv4 where it is one in IPv6's clothes, so that a range of the one holds the other.</summary>
    private static CedarIpAddress Unmapped(CedarIpAddress address)
        => !address.IsIpv4 && address.PrefixLength >= 96 && (address.Address & ~(UInt128)uint.MaxValue) == s_mapped
            && CedarIpAddress.TryParse($"{new IPAddress(Bytes((uint)address.Address))}/{address.PrefixLength - 96}", out var unmapped)
            ? unmapped
            : address;

    private static byte[] Bytes(uint address) => [(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address];

    /// <summary>An IPv6 address as groups alone: .NET writes some with IPv4 inside, which Cedar does not read.</summary>
    private static string Groups(IPAddress address)
        => string.Join(':', Convert.ToHexStringLower(address.GetAddressBytes()).Chunk(4).Select(static group => new string(group)));

    private static string IdOf(CedarIpAddress address) => address.ToString().Split('"')[1];
}
