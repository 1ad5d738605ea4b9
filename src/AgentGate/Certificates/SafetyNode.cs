using AgentGate.Kernel.Signing;

namespace AgentGate.Certificates;

/// <summary>A safety node as the server knows it. Immutable.</summary>
internal sealed record SafetyNode
{
    /// <summary>Its id, as it stands in its votes.</summary>
    public required string NodeId { get; init; }

    /// <summary>Where it listens; <c>vote</c> is asked below it.</summary>
    public required Uri Url { get; init; }

    /// <summary>What its votes are checked with.</summary>
    public required VerificationKey Key { get; init; }

    /// <summary>The tenant it was registered for; <see langword="null"/> for one that configuration names, which counts for every tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>When it was registered (UTC).</summary>
    public DateTimeOffset? RegisteredAt { get; init; }

    /// <summary>The pseudonymous id of who registered it.</summary>
    public string? RegisteredBy { get; init; }

    /// <summary>Whether it was removed: it is asked no more, and its key still verifies the votes it gave.</summary>
    public bool IsRemoved { get; init; }
}
