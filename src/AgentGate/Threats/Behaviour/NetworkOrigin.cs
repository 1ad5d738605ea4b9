using System.Net;
using System.Net.Sockets;

namespace AgentGate.Threats.Behaviour;

/// <summary>
/// What is counted and blocked as one origin: an IPv4 address; of IPv6 the first 64 bits, because whoever has one address of such a network
/// has all of them (RFC 6177).
/// </summary>
internal static class NetworkOrigin
{
    /// <summary>Stands for an address nobody knows.</summary>
    public const string Unknown = "unknown";

    private const int PrefixBytes = 8;

    /// <summary>The origin of an address as text; <see cref="Unknown"/> where it is none.</summary>
    public static string Of(string address) => IPAddress.TryParse(address, out var parsed) ? Of(parsed) : Unknown;

    /// <summary>The origin of an address.</summary>
    public static string Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
        {
            return address.ToString();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(PrefixBytes).Clear();
        return new IPAddress(bytes) + "/64";
    }

    /// <summary>Reads what a person writes: an address, or an IPv6 network of 64 bits.</summary>
    /// <returns>Whether it is one.</returns>
    public static bool TryRead(string? text, out string origin, out IPAddress address)
    {
        origin = string.Empty;
        var bare = text?.EndsWith("/64", StringComparison.Ordinal) is true ? text[..^3] : text;
        if (bare is not { Length: > 0 and <= 64 } || bare.Contains('%', StringComparison.Ordinal) || !IPAddress.TryParse(bare, out address!))
        {
            address = IPAddress.None;
            return false;
        }

        // 127.1 and 0x7f000001 are addresses to some programs; one spelling alone is read.
        if (address.AddressFamily == AddressFamily.InterNetwork && (address.ToString() != bare || bare.Length != text!.Length))
        {
            return false;
        }

        origin = Of(address);
        return true;
    }
}
