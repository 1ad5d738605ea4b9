using System.Net;
using System.Net.Sockets;

namespace AgentGate.Server.Access;

/// <summary>
/// Which addresses belong to the public internet: what a tenant names may lead there and not into the operator's own network. The
/// ranges are those of IANA's special-purpose registries (RFC 6890), with the forms of IPv6 that carry an IPv4 address read as that.
/// </summary>
internal static class PublicAddress
{
    public static bool Is(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return Embedded(address) is { } inner ? Is(inner) : IsV6(address.GetAddressBytes());
        }

        return address.GetAddressBytes() switch
        {
            [0 or 10 or 127 or >= 224, ..] => false,
            [100, >= 64 and < 128, ..] => false,
            [169, 254, ..] or [192, 168, ..] or [192, 0, 0, _] or [192, 0, 2, _] or [192, 88, 99, _] or [198, 51, 100, _] or [203, 0, 113, _] => false,
            [172, >= 16 and < 32, ..] or [198, 18 or 19, ..] => false,
            _ => true,
        };
    }

    /// <summary>Only global unicast (2000::/3), without documentation and Teredo, whose address is another's.</summary>
    private static bool IsV6(byte[] bytes) => (bytes[0] & 0xE0) == 0x20 && bytes is not [0x20, 0x01, 0x0D, 0xB8, ..] and not [0x20, 0x01, 0, 0, ..];

    /// <summary>The IPv4 address in a mapped, NAT64 (RFC 6052) or 6to4 (RFC 3056) one.</summary>
    private static IPAddress? Embedded(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        return address.GetAddressBytes() switch
        {
            [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0, .. var last] => new IPAddress(last),
            [0x20, 0x02, var a, var b, var c, var d, ..] => new IPAddress([a, b, c, d]),
            _ => null,
        };
    }
}
