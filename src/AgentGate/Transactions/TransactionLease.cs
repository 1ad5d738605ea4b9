namespace AgentGate.Transactions;

/// <summary>The right of one process to write one transaction and those inside it. Whoever takes over raises the fence, and the old right is worth nothing.</summary>
/// <param name="RootId">The outermost transaction.</param>
/// <param name="Owner">The process.</param>
/// <param name="Fence">How often it was taken over.</param>
internal sealed record TransactionLease(string RootId, string Owner, long Fence);
