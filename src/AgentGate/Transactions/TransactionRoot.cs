namespace AgentGate.Transactions;

/// <summary>What an outermost transaction shares with those inside it.</summary>
internal sealed class TransactionRoot(TransactionLease lease, DateTimeOffset endsAt)
{
    private long _seq;

    /// <summary>Guards all of them.</summary>
    public Lock Lock { get; } = new();

    public TransactionLease Lease { get; } = lease;

    /// <summary>When it counts as forgotten.</summary>
    public DateTimeOffset EndsAt { get; } = endsAt;

    /// <summary>Whose: that of the first step.</summary>
    public string? Tenant { get; set; }

    public int StepCount { get; set; }

    /// <summary>Whether the store may say something else than this process knows, so that nothing can be committed.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Whether something was left to whoever takes the transaction over: then this process does not end it.</summary>
    public bool IsDeferred { get; set; }

    public long NextSeq() => Interlocked.Increment(ref _seq);
}
