using System.Collections.Immutable;

namespace AgentGate.Identity;

/// <summary>A WebAuthn credential of a user. Immutable.</summary>
internal sealed record Passkey
{
    /// <summary>The credential id in base64url, without padding.</summary>
    public required string Id { get; init; }

    public required string Tenant { get; init; }

    public required string UserId { get; init; }

    /// <summary>What its owner calls it.</summary>
    public required string Name { get; init; }

    /// <summary>The public key as COSE_Key (RFC 9052 §7).</summary>
    public required ImmutableArray<byte> PublicKey { get; init; }

    /// <summary>The last counter the authenticator showed; some always show 0.</summary>
    public required uint SignCount { get; init; }

    /// <summary>How the authenticator can be reached: <c>internal</c>, <c>usb</c>, …</summary>
    public ImmutableArray<string> Transports { get; init; } = [];

    /// <summary>The model of the authenticator, as a GUID in hex; all zeros where it does not say.</summary>
    public string Aaguid { get; init; } = string.Empty;

    /// <summary>Whether it may be copied to other devices of its owner.</summary>
    public bool IsBackupEligible { get; init; }

    public bool IsBackedUp { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }
}
