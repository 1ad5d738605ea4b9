namespace AgentGate.Transactions;

/// <summary>Which transactions of a tenant are listed, the newest first.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="State">Only those that are this far; <see langword="null"/> for all.</param>
/// <param name="Limit">How many at most.</param>
/// <param name="Offset">How many are passed over.</param>
internal sealed record TransactionQuery(string Tenant, TransactionState? State, int Limit, int Offset);
