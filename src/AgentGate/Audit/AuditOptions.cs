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

    /// <summary>
    /// In the cluster: how long a server may not be heard of before the others close its open calls as <c>unknown</c> and it must begin
    /// anew. Measured by the database's clock.
    /// </summary>
    /// <value>The default is 15 seconds.</value>
    public TimeSpan InstanceLease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How many traces are kept, over all tenants, in the cluster for each tenant; the oldest go first. Log entries are never removed.</summary>
    /// <value>The default is 100,000.</value>
    public int MaxTraces { get; set; } = 100_000;

    /// <summary>How many entries a log in memory keeps per tenant.</summary>
    /// <value>The default is 10,000.</value>
    public int InMemoryEntries { get; set; } = 10_000;

    /// <summary>How many decisions a log in memory keeps certificates of, over all tenants; about 10 KB each.</summary>
    /// <value>The default is 1,000.</value>
    public int InMemoryCertificates { get; set; } = 1_000;

    /// <summary>The word of <see cref="Durability"/>, as entries carry it.</summary>
    internal string DurabilityWord => Durability == AuditDurability.Commit ? "commit" : "write";

    /// <summary>What is wrong with these options; each problem names its option and the bounds.</summary>
    internal IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Demand(Enum.IsDefined(Durability), "Durability must be Commit or Write.");
        Demand(MaxBatch is >= 1 and <= 4096, "MaxBatch must be from 1 to 4096.");
        Demand(QueueCapacity is >= 1 and <= 1_000_000, "QueueCapacity must be from 1 to 1,000,000.");
        Demand(QueueDeadline > TimeSpan.Zero && QueueDeadline <= TimeSpan.FromMinutes(1), "QueueDeadline must be above 0 and at most 1 minute.");
        Demand(SyncInterval > TimeSpan.Zero && SyncInterval <= TimeSpan.FromSeconds(1), "SyncInterval must be above 0 and at most 1 second.");
        Demand(InstanceLease >= TimeSpan.FromSeconds(1) && InstanceLease <= TimeSpan.FromMinutes(10), "InstanceLease must be from 1 second to 10 minutes.");
        Demand(MaxTraces >= 1, "MaxTraces must be at least 1.");
        Demand(InMemoryCertificates >= 1, "InMemoryCertificates must be at least 1.");
        Demand(InMemoryEntries >= 1, "InMemoryEntries must be at least 1.");
        return problems;

        void Demand(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(nameof(AuditOptions) + "." + problem);
            }
        }
    }
}
