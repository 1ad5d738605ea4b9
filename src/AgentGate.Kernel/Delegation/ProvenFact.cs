namespace AgentGate.Kernel.Delegation;

/// <summary>A fact with the proof that it is in its tree. Immutable.</summary>
/// <param name="Fact">The fact's canonical bytes.</param>
/// <param name="Proof">The proof.</param>
public sealed record ProvenFact(ReadOnlyMemory<byte> Fact, FactProof Proof);
