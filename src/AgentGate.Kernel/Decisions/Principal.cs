using System.Collections.Immutable;

namespace AgentGate.Kernel.Decisions;

/// <summary>Who asks. Built by the server from its own records, never from the caller's body.</summary>
/// <remarks>Immutable. <see cref="Id"/> is a pseudonym: never a name, an e-mail or an address.</remarks>
public sealed record Principal
{
    /// <summary>The pseudonymous id, for example <c>agent_0197…</c>. Stored in the log.</summary>
    public required string Id { get; init; }

    /// <summary>The tenant the principal belongs to. Part of every key, row and query.</summary>
    public required string Tenant { get; init; }

    /// <summary>The id of the key that authenticated the call, or <see langword="null"/> in process.</summary>
    public string? KeyId { get; init; }

    /// <summary>
    /// The pseudonymous id of the person the principal acts for: its own where a person asks, the owner's where a key of a person does,
    /// <see langword="null"/> where no person answers for it.
    /// </summary>
    public string? UserId { get; init; }

    /// <summary>The scopes the key carries, for example <c>doors</c>.</summary>
    public ImmutableArray<string> Scopes { get; init; } = [];

    /// <summary>The roles the server's records give to the principal. Policies see them in lower case.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];
}
