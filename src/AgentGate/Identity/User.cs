using System.Collections.Immutable;

namespace AgentGate.Identity;

/// <summary>A user as the server knows it. Immutable; never logged as a whole.</summary>
internal sealed record User
{
    /// <summary>The pseudonymous principal id, <c>user_</c> and 32 hex digits. All that the log shows.</summary>
    public required string Id { get; init; }

    public required string Tenant { get; init; }

    /// <summary>The e-mail address as the user wrote it. Unique over all tenants in the form it is compared in.</summary>
    public required string Email { get; init; }

    /// <summary>Who vouched for the address, one of <see cref="AddressProofs"/>; <see langword="null"/> where nobody did.</summary>
    public string? AddressProof { get; init; }

    public required string Name { get; init; }

    /// <summary>One of <see cref="Roles.All"/>.</summary>
    public required string Role { get; init; }

    public bool IsActive { get; init; } = true;

    /// <summary>Where the user comes from, one of <see cref="UserSources"/>.</summary>
    public string Source { get; init; } = UserSources.Local;

    /// <summary>bcrypt; <see langword="null"/> for who has no password.</summary>
    public string? PasswordHash { get; init; }

    public bool MustChangePassword { get; init; }

    public DateTimeOffset? PasswordChangedAt { get; init; }

    /// <summary>The TOTP secret; there is one as soon as enabling begins.</summary>
    public ImmutableArray<byte> TotpSecret { get; init; } = [];

    public bool TotpEnabled { get; init; }

    /// <summary>The last time step (RFC 6238) whose code was taken.</summary>
    public long TotpLastStep { get; init; }

    /// <summary>Hashes of the backup codes by index, <see langword="null"/> for a used one.</summary>
    public ImmutableArray<string?> BackupCodes { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastSignInAt { get; init; }

    /// <summary>Raised by the store with each change.</summary>
    public long Version { get; init; }
}
