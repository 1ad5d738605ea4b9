namespace AgentGate.Transactions;

/// <summary>How far a transaction is.</summary>
public enum TransactionState
{
    /// <summary>Calls made in its flow are its steps.</summary>
    Active,

    /// <summary>It is being rolled back.</summary>
    RollingBack,

    /// <summary>It was committed into the transaction around it, which has its steps now.</summary>
    Joined,

    /// <summary>It was committed: nothing of it will be undone.</summary>
    Committed,

    /// <summary>It was rolled back, and nothing of it is left.</summary>
    RolledBack,

    /// <summary>It was rolled back, and some of its steps were not undone.</summary>
    NotUndone,
}
