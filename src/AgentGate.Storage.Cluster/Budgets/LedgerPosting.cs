namespace AgentGate.Storage.Cluster.Budgets;

/// <summary>A counter as postings name it.</summary>
/// <param name="Tenant">The tenant as it is stored.</param>
/// <param name="Rule">The rule's name.</param>
/// <param name="Subject">Whose counter of the rule.</param>
/// <param name="Unit">The window's unit, which the database cuts by its time; <see langword="null"/> where the window is known.</param>
/// <param name="Window">The known window.</param>
internal readonly record struct LedgerKey(string Tenant, string Rule, string Subject, string? Unit, long Window);

/// <summary>One counter of a posting.</summary>
/// <param name="Key">The counter.</param>
/// <param name="Limit">Its limit; 0 where nothing is reserved on it.</param>
/// <param name="Place">The rule's place among the covering ones.</param>
/// <param name="Old">A reservation that is settled or replaced on it; <see langword="null"/> where one is made.</param>
internal readonly record struct LedgerItem(LedgerKey Key, long Limit, int Place, Guid? Old);

/// <summary>What one item's counter held after its posting.</summary>
/// <param name="Window">The window as the database cut it.</param>
/// <param name="Spent">What was spent.</param>
/// <param name="Reserved">What was reserved.</param>
/// <param name="Peak">What was spent at most before, as far as anybody was told.</param>
internal readonly record struct LedgerHeld(long Window, long Spent, long Reserved, long Peak);

/// <summary>The answer to one posting.</summary>
/// <param name="Granted">Whether it was reserved, or settled for the first time.</param>
/// <param name="Amount">What was reserved.</param>
/// <param name="Tokens">How many tokens that pays for.</param>
/// <param name="Short">Which item was the tightest, from 0.</param>
/// <param name="WasOpen">Whether what was to be replaced was open.</param>
/// <param name="Now">The database's time.</param>
/// <param name="Held">What the items' counters held.</param>
internal readonly record struct LedgerAnswer(bool Granted, long Amount, long Tokens, int Short, bool WasOpen, DateTimeOffset Now, LedgerHeld[] Held);

/// <summary>One reservation or settlement on its way to the ledger. Its caller waits for the task.</summary>
internal sealed class LedgerPosting
{
    /// <summary>Whether it settles; else it reserves.</summary>
    public bool Settles { get; init; }

    /// <summary>The reservation that is made or settled.</summary>
    public Guid Id { get; init; }

    /// <summary>The tenant of the call.</summary>
    public required string Tenant { get; init; }

    /// <summary>The call, where it is known.</summary>
    public string? CallId { get; init; }

    /// <summary>What is reserved for the prompt, or the cost that is charged.</summary>
    public long Input { get; init; }

    public decimal PerToken { get; init; }

    public long Wanted { get; init; }

    public long Least { get; init; }

    /// <summary>The counters: those that are reserved on first.</summary>
    public required LedgerItem[] Items { get; init; }

    /// <summary>When it was queued, as a timestamp.</summary>
    public long QueuedAt { get; set; }

    /// <summary>Where the answer goes. A cancelled caller is gone.</summary>
    public TaskCompletionSource<LedgerAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The reservations that stand already and that this changes; two postings of a batch never name the same one.</summary>
    public IEnumerable<Guid> Changed => Items.Where(item => item.Old is not null).Select(item => item.Old!.Value).Distinct();

    /// <summary>Gives back what was granted to a caller that is gone.</summary>
    public LedgerPosting GiveBack(LedgerAnswer answer) => new()
    {
        Settles = true,
        Id = Id,
        Tenant = Tenant,
        CallId = CallId,
        Items = [.. Items.Zip(answer.Held).Where(pair => pair.First.Old is null)
            .Select(pair => new LedgerItem(pair.First.Key with { Unit = null, Window = pair.Second.Window }, 0, 0, Id))],
    };
}
