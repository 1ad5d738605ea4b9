using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>What a certificate's hashes stand for, and what it is found by. Immutable.</summary>
/// <param name="Principal">Under whose key it is encrypted.</param>
/// <param name="Alpha">α's canonical bytes; empty where nothing was evaluated.</param>
/// <param name="AlphaHash">Lower-case hex SHA-256 of them.</param>
/// <param name="GammaHash">The hash of Γ.</param>
/// <param name="Result">What the theorem came to.</param>
/// <param name="Facts">Canonical JSON with the bundle's <c>grants</c>, <c>revocations</c> and <c>votes</c>, or empty where there are none.</param>
internal sealed record DecisionEvidence(
    string Principal, ReadOnlyMemory<byte> Alpha, string? AlphaHash, string? GammaHash, AdmissibilityResult Result, ReadOnlyMemory<byte> Facts)
{
    /// <summary>α itself; <see langword="null"/> where nothing was evaluated.</summary>
    public Alpha? Bound { get; init; }

    /// <summary>What was in force; <see langword="null"/> where nothing was evaluated.</summary>
    public KnowledgeEpoch? Epoch { get; init; }

    /// <summary>What the gate did.</summary>
    public DecisionKind Decision { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }
}
