namespace AgentGate.Transactions;

/// <summary>A step of a transaction that this process has. Guarded by the lock of its outermost transaction.</summary>
internal sealed class LiveStep(StoredStep stored)
{
    /// <summary>The step as this process knows it: it may know more than the store.</summary>
    public StoredStep Stored { get; set; } = stored;

    /// <summary>How far it is in the store, as far as this process knows.</summary>
    public StepState InStore { get; set; } = stored.State;

    public bool IsRunning { get; set; } = true;
}
