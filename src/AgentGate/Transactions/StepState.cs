namespace AgentGate.Transactions;

/// <summary>How far a step of a transaction is.</summary>
public enum StepState
{
    /// <summary>It was put down and may be running. After a crash nobody knows whether it happened.</summary>
    Begun,

    /// <summary>The tool returned.</summary>
    Done,

    /// <summary>The tool threw.</summary>
    Failed,

    /// <summary>Its compensation was put down and may be running. After a crash nobody knows whether it did.</summary>
    Undoing,

    /// <summary>Its compensation ran.</summary>
    Undone,

    /// <summary>It was not undone, and will not be tried again.</summary>
    NotUndone,
}
