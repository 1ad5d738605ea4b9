using System.Collections.Immutable;

namespace AgentGate.Kernel.Delegation;

/// <summary>What checking a delegation chain gave. Immutable.</summary>
/// <param name="Chain">The grants that were found, leaf first.</param>
/// <param name="Reason">The first failing rule's word, or <see langword="null"/> where the chain is valid.</param>
/// <param name="Link">The place in the chain where it fails, counted from the leaf; of a grant that is missing or too many, the one it would have.</param>
public sealed record ChainCheck(ImmutableArray<Grant> Chain, string? Reason, int? Link);
