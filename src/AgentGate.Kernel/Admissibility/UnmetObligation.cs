namespace AgentGate.Kernel.Admissibility;

/// <summary>An obligation that is not fulfilled. Immutable.</summary>
/// <param name="Obligation">One of <see cref="Obligations"/>.</param>
/// <param name="Reason">The word of docs/formats/certificate.md, for example <c>approval_missing</c>.</param>
public sealed record UnmetObligation(string Obligation, string Reason);
