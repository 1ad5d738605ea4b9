namespace AgentGate.Transactions;

/// <summary>What a rollback did about a step.</summary>
public enum StepEnding
{
    /// <summary>Its compensation ran.</summary>
    Undone,

    /// <summary>There was nothing to undo: the tool said that it failed, or is declared as one without anything to undo.</summary>
    Unneeded,

    /// <summary>Nobody declared a compensation for the tool.</summary>
    NoCompensation,

    /// <summary>No process registered the compensation that was declared when the step was made.</summary>
    NotRegistered,

    /// <summary>The gate did not permit the compensation.</summary>
    Denied,

    /// <summary>The compensation threw, at the last of its tries.</summary>
    Failed,

    /// <summary>The compensation ran past its timeout. It may have done its work.</summary>
    TimedOut,

    /// <summary>Nobody knows whether the step happened, and its compensation is not declared to be safe then. It did not run.</summary>
    Unknown,

    /// <summary>The process ended while the compensation ran, and it is not declared to be safe to run again. It may have done its work.</summary>
    Interrupted,

    /// <summary>What the step got and gave cannot be read any more.</summary>
    ContentLost,

    /// <summary>The store could not be written, so that nothing was done: whoever takes the transaction over does it.</summary>
    Deferred,
}
