using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Kernel.Certificates;

/// <summary>A certificate as it states itself; nothing in it is verified by being read. Immutable.</summary>
public sealed record DecisionCertificate
{
    /// <summary>The decision's id, a UUIDv7.</summary>
    public required string DecisionId { get; init; }

    /// <summary>The call.</summary>
    public required string CallId { get; init; }

    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The decision before this one, if any.</summary>
    public string? RequestDecisionId { get; init; }

    /// <summary>Request or response.</summary>
    public required CertificateStage Stage { get; init; }

    /// <summary>Whether the verdict was enforced.</summary>
    public required CertificateMode Mode { get; init; }

    /// <summary>What the gate did.</summary>
    public required DecisionKind Decision { get; init; }

    /// <summary>The code of a denial or hold.</summary>
    public string? Code { get; init; }

    /// <summary>What the theorem came to.</summary>
    public required AdmissibilityResult Result { get; init; }

    /// <summary>What kind of proof it holds.</summary>
    public required ProofType ProofType { get; init; }

    /// <summary>The six predicates in order, each with its witness.</summary>
    public required ImmutableArray<PredicateFinding> Predicates { get; init; }

    /// <summary>The predicates said to fail.</summary>
    public ImmutableArray<Predicate> FailedPredicates { get; init; } = [];

    /// <summary>The smallest set of predicates, where the proof is one.</summary>
    public ImmutableArray<Predicate>? UnsatCore { get; init; }

    /// <summary>The forbid that decided, where the proof is one.</summary>
    public MatchedForbid? Matched { get; init; }

    /// <summary>The honey token that was touched, where the proof is one.</summary>
    public string? HoneyToken { get; init; }

    /// <summary>The hash of the theorem.</summary>
    public required string TheoremHash { get; init; }

    /// <summary>The hash of α, where the theorem was evaluated.</summary>
    public string? AlphaHash { get; init; }

    /// <summary>The hash of Γ, where the theorem was evaluated.</summary>
    public string? GammaHash { get; init; }

    /// <summary>The hash of the policy set, where the theorem was evaluated.</summary>
    public string? PolicySetHash { get; init; }

    /// <summary>The digest of the content as judged.</summary>
    public string? ContentDigest { get; init; }

    /// <summary>The nonce.</summary>
    public required string Nonce { get; init; }

    /// <summary>What the guards answered: attested, not re-derivable.</summary>
    public required ImmutableArray<VerdictRecord> Verdicts { get; init; }

    /// <summary>How durable the entry was written: <c>commit</c> or <c>write</c>.</summary>
    public required string Durability { get; init; }

    /// <summary>When the decision was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The end of its window.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Signature and place in the log.</summary>
    public required CertificateSeal Seal { get; init; }

    /// <summary>The canonical bytes of the body: what is signed and what the log names.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>SHA-256 of the body, lower-case hex.</summary>
    public required string Hash { get; init; }

    /// <summary>The canonical bytes of <c>proof_payload</c>.</summary>
    internal ReadOnlyMemory<byte> Payload { get; init; }
}
