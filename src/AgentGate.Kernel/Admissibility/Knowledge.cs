using AgentGate.Cedar.Authorization;
using AgentGate.Kernel.Delegation;

namespace AgentGate.Kernel.Admissibility;

/// <summary>What the theorem is evaluated with: the things that Γ names, themselves. Immutable; one serves all calls of an epoch.</summary>
public sealed record Knowledge
{
    /// <summary>The policies, compiled.</summary>
    public required Authorizer Policies { get; init; }

    /// <summary>The hash of the policy set, as <see cref="AgentGate.Cedar.Formatting.PolicyHash"/> gives it.</summary>
    public required string PolicySetHash { get; init; }

    /// <summary>The settings.</summary>
    public required AdmissibilitySettings Settings { get; init; }

    /// <summary>The tenant's grants and revocations.</summary>
    public required IGrantFacts Grants { get; init; }
}
