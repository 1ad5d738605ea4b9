namespace AgentGate.Audit;

/// <summary>How the log is written and how much is kept of the traces.</summary>
public sealed class AuditOptions
{
    /// <summary>How safe an entry is when appending returns.</summary>
    /// <value>The default is <see cref="AuditDurability.Commit"/>.</value>
    public AuditDurability Durability { get; set; } = AuditDurability.Commit;

    /// <summary>The most entries written in one transaction, 1 to 4096.</summary>
    /// <value>The default is 256.</value>
    public int MaxBatch { get; set; } = 256;

    /// <summary>How many entries may wait to be written. Beyond it callers wait, up to <see cref="QueueDeadline"/>.</summary>
    /// <value>The default is 4096.</value>
    public int QueueCapacity { get; set; } = 4096;

    /// <summary>How long a caller waits for a place in the queue before its call is refused.</summary>
    /// <value>The default is 2 seconds.</value>
    public TimeSpan QueueDeadline { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>With <see cref="AuditDurability.Write"/>: the longest time until the disk has what the operating system has.</summary>
    /// <value>The default is 5 milliseconds.</value>
    public TimeSpan SyncInterval { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How many traces are kept, over all tenants; the oldest go first. Log entries are never removed.</summary>
    /// <value>The default is 100,000.</value>
    public int MaxTraces { get; set; } = 100_000;

    /// <summary>How many entries a log in memory keeps per tenant.</summary>
    /// <value>The default is 10,000.</value>
    public int InMemoryEntries { get; set; } = 10_000;

    /// <summary>The word of <see cref="Durability"/>, as entries carry it.</summary>
    internal string DurabilityWord => Durability == AuditDurability.Commit ? "commit" : "write";
}
