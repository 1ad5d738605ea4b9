using AgentGate.Kernel.Admissibility;

namespace AgentGate.Pipeline;

/// <summary>
/// What was in force for a tenant from one change to the next, with the bytes and digests that name it. Made when something
/// changes, never per call. Immutable, thread-safe; compared by reference.
/// </summary>
internal sealed class KnowledgeEpoch
{
    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The things themselves.</summary>
    public required Knowledge Knowledge { get; init; }

    /// <summary>The hash of Γ, lower-case hex.</summary>
    public required string GammaHash { get; init; }

    /// <summary>Γ's canonical bytes.</summary>
    public required ReadOnlyMemory<byte> Gamma { get; init; }

    /// <summary>The settings' canonical bytes.</summary>
    public required ReadOnlyMemory<byte> Settings { get; init; }
}
