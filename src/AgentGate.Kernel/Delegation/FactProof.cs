using System.Collections.Immutable;

namespace AgentGate.Kernel.Delegation;

/// <summary>Where a fact stands in its tree, and the hashes that lead from it to the root (RFC 9162 §2.1.3). Immutable.</summary>
/// <param name="Index">The fact's place, from 0.</param>
/// <param name="Path">The hashes, lower-case hex, nearest the leaf first.</param>
public sealed record FactProof(long Index, ImmutableArray<string> Path);
