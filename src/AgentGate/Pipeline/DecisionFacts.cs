using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>What one certificate states. Immutable.</summary>
internal sealed record DecisionFacts
{
    /// <summary>The call as the last guard left it.</summary>
    public required GateCall Call { get; init; }

    /// <summary>What the gate did.</summary>
    public required DecisionKind Decision { get; init; }

    /// <summary>The code of a denial or hold.</summary>
    public string? Code { get; init; }

    /// <summary>What the guards answered so far, in order.</summary>
    public required ImmutableArray<VerdictRecord> Verdicts { get; init; }

    /// <summary>When it was decided, by the gate's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The digest of the content as judged; <see langword="null"/> where the call ended before its content was final.</summary>
    public string? ContentDigest { get; init; }

    /// <summary>The theorem as it was evaluated; <see langword="null"/> where the call ended before that.</summary>
    public AdmissibilityEvidence? Evidence { get; init; }

    /// <summary>The id of the honey token that was touched, if one was.</summary>
    public string? HoneyToken { get; init; }

    /// <summary>The decision that safety nodes voted on, where this is it.</summary>
    public VotedDecision? Voted { get; init; }

    /// <summary>The decision on the request, when this one is on its answer.</summary>
    public CertifiedDecision? Request { get; init; }

    /// <summary>The decision by which the call was held, when it goes on.</summary>
    public string? ResumedDecisionId { get; init; }
}
