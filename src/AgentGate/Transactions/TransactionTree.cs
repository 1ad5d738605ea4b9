using System.Collections.Immutable;

namespace AgentGate.Transactions;

/// <summary>An outermost transaction, those inside it, and the steps of all of them. Immutable.</summary>
/// <param name="Root">The outermost transaction.</param>
/// <param name="Inner">Those inside it, in the order they were begun.</param>
/// <param name="Steps">The steps, the first one first.</param>
internal sealed record TransactionTree(StoredTransaction Root, ImmutableArray<StoredTransaction> Inner, ImmutableArray<StoredStep> Steps)
{
    /// <summary>The right to write it, where it was claimed.</summary>
    public TransactionLease? Lease { get; init; }
}
