using AgentGate.Diagnostics;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>
/// What a shared log acknowledged before it was on the disk: intents and outcomes, remembered until the disk has them. When the store broke
/// down meanwhile, what it lost of them is found here, and an entry says of each call that it is missing. The writer owns it; the
/// counts may be read by any thread.
/// </summary>
/// <param name="ids">Names the entries that say so.</param>
/// <param name="time">The clock.</param>
internal sealed class CallsInDoubt(IIdSource ids, TimeProvider time)
{
    /// <summary>How many entries are remembered; with the next ones the store is asked for the disk.</summary>
    public const int KeptMax = 1024;

    /// <summary>How many lost calls may wait to be told; beyond it no further effect begins.</summary>
    public const int LostMax = 4096;

    private readonly List<(LogEntryBody Body, LogMark Mark)> _kept = [];
    private readonly List<LostCall> _lost = [];
    private long? _session;
    private volatile int _keptCount;
    private volatile int _lostCount;

    /// <summary>Whether anything is remembered, or waits to be told.</summary>
    public bool IsEmpty => _keptCount + _lostCount == 0;

    /// <summary>Whether the store is to be asked for the disk.</summary>
    public bool IsFull => _keptCount >= KeptMax;

    /// <summary>How many lost calls wait to be told.</summary>
    public int LostCount => _lostCount;

    /// <summary>The lost calls that wait to be told.</summary>
    public IReadOnlyList<LostCall> Lost => _lost;

    /// <summary>
    /// Finds out what is gone, once for each connection: as long as one lives, its database has not broken down, and what was there when it began is
    /// still there.
    /// </summary>
    /// <returns>How many intents and outcomes are gone.</returns>
    public async ValueTask<(int Intents, int Outcomes)> LookUpAsync(ISharedAppend append, CancellationToken cancellationToken)
    {
        if (_session == append.Session)
        {
            return default;
        }

        var missing = _kept.Count == 0 ? [] : await append.FindMissingAsync([.. _kept.Select(static kept => kept.Mark)], cancellationToken);
        _session = append.Session;
        if (missing.Count == 0)
        {
            return default;
        }

        var gone = missing.Select(index => _kept[index].Body).ToList();
        foreach (var index in missing.OrderDescending())
        {
            _kept.RemoveAt(index);
        }

        foreach (var call in gone.GroupBy(static body => (body.Tenant, body.CallId)))
        {
            _lost.Add(Report(call.FirstOrDefault(static body => body.Kind == EntryKind.Intent), call.FirstOrDefault(static body => body.Kind == EntryKind.Outcome)));
        }

        (_keptCount, _lostCount) = (_kept.Count, _lost.Count);
        return (gone.Count(static body => body.Kind == EntryKind.Intent), gone.Count(static body => body.Kind == EntryKind.Outcome));
    }

    /// <summary>The store has a batch: what it has in memory is remembered; with one that went to the disk everything before it is there, too.</summary>
    public void Stored(AuditBatch batch)
    {
        if (batch.ToDisk)
        {
            _kept.Clear();
        }
        else
        {
            _kept.AddRange(batch.Entries.Where(static entry => entry.Body is { Kind: EntryKind.Intent or EntryKind.Outcome, CallId: not null })
                .Select(static entry => (entry.Body, new LogMark(entry.Body.Tenant, entry.Head.Seq, entry.Head.Hash))));
        }

        _keptCount = _kept.Count;
    }

    /// <summary>The entries that tell of these are on record.</summary>
    public void Told(IEnumerable<LostCall> calls)
    {
        var told = calls.ToHashSet();
        _lost.RemoveAll(told.Contains);
        _lostCount = _lost.Count;
    }

    /// <summary>
    /// Says what is known of the call. What went with the entries (certificate, evidence) is gone, so its hash is not named; the decision's id is, by which
    /// whoever asks for it finds this.
    /// </summary>
    private LostCall Report(LogEntryBody? intent, LogEntryBody? outcome)
    {
        var report = outcome is null
            ? UnknownOutcome.Of(intent!, ids.NewId(), time.GetUtcNow(), Codes.CallsLost, "the database lost the intent of this call; its effect may have run")
            : outcome with
            {
                Id = ids.NewId(),
                At = time.GetUtcNow(),
                Code = Codes.CallsLost,
                Detail = intent is null ? "the database lost the outcome of this call" : "the database lost the intent and the outcome of this call",
                CertificateHash = null,
                Durability = null,
            };
        return new LostCall(report with { DecisionId = intent?.DecisionId ?? report.DecisionId }, intent is not null);
    }
}
