using System.Diagnostics.CodeAnalysis;

namespace AgentGate.Cedar.Entities;

/// <summary>An IPv4 or IPv6 address, or a range of them.</summary>
public sealed class CedarIpAddress : CedarValue
{
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

    /// <summary>Reads the argument of <c>ip("…")</c>; <see langword="false"/> when it is not one.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out CedarIpAddress? value) => throw new NotImplementedException();

    /// <inheritdoc />
    public override bool Equals(CedarValue? other)
        => other is CedarIpAddress same && same.IsIpv4 == IsIpv4 && same.Address == Address && same.PrefixLength == PrefixLength;

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(IsIpv4, Address, PrefixLength);

    /// <inheritdoc />
    public override string ToString() => throw new NotImplementedException();
}
