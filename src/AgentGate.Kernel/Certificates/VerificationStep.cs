namespace AgentGate.Kernel.Certificates;

/// <summary>One step of a verification. Immutable.</summary>
/// <param name="Name">The name, as docs/formats/bundle.md has it.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Explanation">What was found, in words a person understands; never content.</param>
public sealed record VerificationStep(string Name, StepOutcome Outcome, string Explanation);
