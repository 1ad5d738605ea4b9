using System.Collections.Immutable;

namespace AgentGate.Kernel.Plans;

/// <summary>What verifying a plan gave. Immutable.</summary>
public sealed record PlanResult
{
    /// <summary>Whether every step is admissible in the state the steps before leave.</summary>
    public required bool IsSafe { get; init; }

    /// <summary>The tier.</summary>
    public required PlanTier Tier { get; init; }

    /// <summary>How many steps the plan has.</summary>
    public required int TotalSteps { get; init; }

    /// <summary>How many were evaluated: all, or up to the first that is blocked. A plan is never shortened and called safe.</summary>
    public int EvaluatedSteps => Steps.Length;

    /// <summary>How many steps the tier allows.</summary>
    public int Bound => Tier.Bound();

    /// <summary>The first step that is not admissible; -1 where all are.</summary>
    public required int BlockedStepIndex { get; init; }

    /// <summary>Why it is not.</summary>
    public string? BlockedReason { get; init; }

    /// <summary>The predicates that fail there.</summary>
    public ImmutableArray<string> FailedPredicates { get; init; } = [];

    /// <summary>The steps that were evaluated, in order.</summary>
    public required ImmutableArray<PlanStepResult> Steps { get; init; }

    /// <summary>The obligations that the answer assumes to be fulfilled, in ordinal order: it holds only where they will be.</summary>
    public ImmutableArray<string> Assumptions { get; init; } = [];
}
