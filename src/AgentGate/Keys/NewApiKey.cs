using System.Collections.Immutable;

namespace AgentGate.Keys;

/// <summary>What a new key shall be.</summary>
internal sealed record NewApiKey
{
    public required string Tenant { get; init; }

    public required string Name { get; init; }

    public required ImmutableArray<string> Scopes { get; init; }

    /// <summary>The user who answers for it, or <see langword="null"/> for one that the server's operator makes.</summary>
    public string? OwnerId { get; init; }

    /// <summary>The principal it authenticates, or <see langword="null"/> for a new one.</summary>
    public string? PrincipalId { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}
