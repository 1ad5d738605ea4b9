using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;

namespace AgentGate.Kernel.Plans;

/// <summary>What the theorem says about one step. Immutable.</summary>
public sealed record PlanStepResult
{
    /// <summary>The predicate that fails where a step does not say what is to be done, as 1.0 published it.</summary>
    public const string MissingActionOrResource = "missing_action_or_resource";

    /// <summary>The predicate that fails where the gate would refuse the call before it asked a policy.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>The step's place, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The step.</summary>
    public required PlanStep Step { get; init; }

    /// <summary>Whether the step is admissible in its state.</summary>
    public required bool IsAdmissible { get; init; }

    /// <summary>The state it was judged in.</summary>
    public required PlanState State { get; init; }

    /// <summary>What was asked; <see langword="null"/> where nothing could be.</summary>
    public PlanMoment? Moment { get; init; }

    /// <summary>The theorem, evaluated; <see langword="null"/> where nothing could be asked.</summary>
    public AdmissibilityProof? Proof { get; init; }

    /// <summary>The names of the predicates that fail, in the theorem's order.</summary>
    public ImmutableArray<string> FailedPredicates { get; init; } = [];

    /// <summary>Why it is not admissible, in a sentence; <see langword="null"/> where it is.</summary>
    public string? Reason { get; init; }
}
