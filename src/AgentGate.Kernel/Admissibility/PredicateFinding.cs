namespace AgentGate.Kernel.Admissibility;

/// <summary>One predicate with its witness. Immutable.</summary>
/// <param name="Predicate">Which.</param>
/// <param name="Value">What it is.</param>
/// <param name="Witness">Canonical JSON of the witness; empty where the predicate was not evaluated.</param>
public sealed record PredicateFinding(Predicate Predicate, PredicateValue Value, ReadOnlyMemory<byte> Witness);
