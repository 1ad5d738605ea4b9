namespace AgentGate.Kernel.Admissibility;

/// <summary>What the server's own records say is fulfilled. Immutable.</summary>
/// <param name="Obligation">The obligation, one of <see cref="Obligations"/>.</param>
/// <param name="At">When it was fulfilled (UTC, whole milliseconds).</param>
/// <param name="By">The pseudonymous id of who fulfilled it.</param>
public sealed record Attestation(string Obligation, DateTimeOffset At, string By);
