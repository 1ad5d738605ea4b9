using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Keys;

/// <summary>A key as it is kept: everything but the secret. Immutable.</summary>
internal sealed record ApiKey
{
    /// <summary>Stands among the scopes of a key for all that its owner's role may do at the time.</summary>
    public const string AllScopes = "*";

    /// <summary>The public part of the key's text; unique over all tenants.</summary>
    public required string Id { get; init; }

    public required string Tenant { get; init; }

    /// <summary>The pseudonymous principal the key authenticates.</summary>
    public required string PrincipalId { get; init; }

    /// <summary>The user who answers for the key: it may do no more than that user may at the time. <see langword="null"/> for one that the server's operator made.</summary>
    public string? OwnerId { get; init; }

    /// <summary>What its owner calls it. May be personal: never logged.</summary>
    public required string Name { get; init; }

    public required ImmutableArray<string> Scopes { get; init; }

    /// <summary>
    /// SHA-256 of the secret. A plain hash is right here: the secret is 256 random bits, so there is nothing to guess that
    /// a slow password hash would protect, and each request pays for the hash.
    /// </summary>
    public required ImmutableArray<byte> SecretHash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The first moment at which the key is no longer good; <see langword="null"/> for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>When the key was last used, at the resolution of the flushes.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public bool IsGood(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || now < ExpiresAt);

    /// <summary>Whom the key authenticates, where it may do all that it was made for.</summary>
    public Principal ToPrincipal() => new() { Id = PrincipalId, Tenant = Tenant, KeyId = Id, Scopes = Scopes };

    /// <summary>Whom the key authenticates while its owner is as told: no scope that the owner has not now, and the owner's roles.</summary>
    public Principal ToPrincipal(KeyOwner owner) => new()
    {
        Id = PrincipalId,
        Tenant = Tenant,
        KeyId = Id,
        UserId = OwnerId,
        Scopes = Scopes.Contains(AllScopes) ? owner.RoleScopes : [.. Scopes.Where(owner.Scopes.Contains)],
        Roles = owner.Roles,
    };
}
