using System.Collections.Immutable;

namespace AgentGate.Kernel.Plans;

/// <summary>What a step declares to have changed when it is done: the steps after it are judged in that state. Immutable.</summary>
public sealed record PlanEffects
{
    /// <summary>No effect.</summary>
    public static PlanEffects None { get; } = new();

    /// <summary>Facts that hold from then on; policies see them as <c>context.facts</c>.</summary>
    public ImmutableArray<string> AddFacts { get; init; } = [];

    /// <summary>Facts that hold no longer. Removed before <see cref="AddFacts"/> are added.</summary>
    public ImmutableArray<string> RemoveFacts { get; init; } = [];

    /// <summary>Grants that are revoked from then on.</summary>
    public ImmutableArray<string> Revokes { get; init; } = [];

    /// <summary>Obligations that are assumed to be fulfilled from then on. The result lists them: an assumption is no attestation.</summary>
    public ImmutableArray<string> Attests { get; init; } = [];
}
