namespace AgentGate.Transactions;

/// <summary>A transaction as it is stored. Immutable.</summary>
internal sealed record StoredTransaction
{
    public required string Id { get; init; }

    /// <summary>The outermost transaction around it, or itself. It has the lease.</summary>
    public required string RootId { get; init; }

    /// <summary>The transaction around it.</summary>
    public string? ParentId { get; init; }

    public required string Tenant { get; init; }

    /// <summary>The pseudonymous principal of its first step.</summary>
    public required string Principal { get; init; }

    public string? Name { get; init; }

    public TransactionState State { get; init; }

    public required DateTimeOffset BegunAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}
