using System.Collections.Immutable;

namespace AgentGate.Kernel.Certificates;

/// <summary>What a verification found. Immutable.</summary>
public sealed record VerificationReport
{
    /// <summary>All steps, in the order of docs/formats/bundle.md.</summary>
    public required ImmutableArray<VerificationStep> Steps { get; init; }

    /// <summary>The certificate, where it could be read. Without <see cref="Valid"/> nothing in it may be believed.</summary>
    public DecisionCertificate? Certificate { get; init; }

    /// <summary>Whether there was a bundle; without one nothing was re-executed or found in the log.</summary>
    public required bool HasBundle { get; init; }

    /// <summary>Whether the evidence was erased: signature and place in the log are verified, the decision is not re-executed.</summary>
    public required bool Erased { get; init; }

    /// <summary>Whether nothing failed, and nothing that this kind of certificate needs was missing.</summary>
    public bool Valid => Certificate is not null && Steps.All(static step => step.Outcome != StepOutcome.Failed);

    /// <summary>Whether the theorem was evaluated anew, with the stated outcome.</summary>
    public bool ReExecuted => Steps.Any(static step => step is { Name: VerificationSteps.Theorem, Outcome: StepOutcome.Ok });
}
