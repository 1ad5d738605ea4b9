namespace AgentGate.Diagnostics;

/// <summary>Codes of the transactions (AG24xx).</summary>
public static partial class Codes
{
    /// <summary>A transaction was rolled back, and nothing of it is left.</summary>
    public const string TransactionRolledBack = "AG2401";

    /// <summary>A step could not be put down before it, so that nothing was done; or what it gave could not be put down after it.</summary>
    public const string StepNotRecorded = "AG2402";

    /// <summary>A call was made in the flow of a transaction that was rolled back.</summary>
    public const string TransactionOver = "AG2403";

    /// <summary>A step belongs to another tenant than its transaction.</summary>
    public const string StepOfOtherTenant = "AG2404";

    /// <summary>A transaction was taken over by another process, because this one did not say in time that it still works.</summary>
    public const string TransactionTakenOver = "AG2405";

    /// <summary>A transaction was rolled back, and some of its steps were not undone.</summary>
    public const string StepsNotUndone = "AG2406";

    /// <summary>A process left a transaction whose compensations no process registers.</summary>
    public const string CompensationNotRegistered = "AG2407";

    /// <summary>The store of transactions does not answer.</summary>
    public const string TransactionStoreLost = "AG2408";

    /// <summary>What a step gave has no JSON form, so that its compensation will not get it.</summary>
    public const string StepOutputLost = "AG2409";

    /// <summary>A transaction has as many steps as it may.</summary>
    public const string TransactionFull = "AG2410";

    /// <summary>The act of a transaction could not be put on record.</summary>
    public const string TransactionActNotRecorded = "AG2411";

    /// <summary>There is no such transaction.</summary>
    public const string TransactionNotFound = "AG2412";

    /// <summary>A list of transactions was asked for in a way that has no meaning.</summary>
    public const string TransactionQueryInvalid = "AG2413";
}
