using System.Collections.Immutable;

namespace AgentGate.Cedar.Validation;

/// <summary>What a validator found in a policy set.</summary>
/// <param name="Errors">What makes the set invalid, in the order of the policies.</param>
/// <param name="Warnings">What is worth a look.</param>
public sealed record ValidationResult(ImmutableArray<ValidationFinding> Errors, ImmutableArray<ValidationFinding> Warnings)
{
    /// <summary>Whether there are no errors.</summary>
    public bool IsValid => Errors.IsEmpty;
}
