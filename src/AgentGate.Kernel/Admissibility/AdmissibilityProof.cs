using System.Collections.Immutable;

namespace AgentGate.Kernel.Admissibility;

/// <summary>The first five predicates, evaluated, with what a denial needs to say why. Immutable.</summary>
/// <remarks>ContextBound is added when the certificate is made, because it speaks of the content as it leaves.</remarks>
public sealed record AdmissibilityProof
{
    /// <summary>The five predicates in order, from <see cref="Predicate.AuthValid"/> to <see cref="Predicate.ObligationsMet"/>.</summary>
    public required ImmutableArray<PredicateFinding> Predicates { get; init; }

    /// <summary>Whether all five hold.</summary>
    public bool Holds => Predicates.All(static finding => finding.Value == PredicateValue.Holds);

    /// <summary>The satisfied permits per question that demands one: the question's place and the policies' ids.</summary>
    public ImmutableArray<(int Question, ImmutableArray<string> Policies)> Permits { get; init; } = [];

    /// <summary>The first question without a satisfied permit.</summary>
    public int? Missing { get; init; }

    /// <summary>The forbid that decided, if one did.</summary>
    public MatchedForbid? Matched { get; init; }

    /// <summary>The policies whose evaluation failed, with the question's place. Forbids among them forbid.</summary>
    public ImmutableArray<(int Question, AgentGate.Cedar.Evaluation.EvaluationError Error)> Errors { get; init; } = [];

    /// <summary>Why the delegation chain does not hold, if it does not.</summary>
    public string? LineageReason { get; init; }

    /// <summary>The obligations that are not fulfilled. Sorted by obligation.</summary>
    public ImmutableArray<UnmetObligation> Unmet { get; init; } = [];
}
