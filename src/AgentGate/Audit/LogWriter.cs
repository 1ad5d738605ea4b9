using System.Buffers;
using System.Data.Common;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Audit;

/// <summary>
/// Chains queued entries, makes the trees grow, seals the certificates and stores all of it batch by batch. Not thread-safe: the
/// recorder's one loop owns it.
/// </summary>
/// <param name="log">Where the entries are kept.</param>
/// <param name="keys">The chain keys.</param>
/// <param name="trees">The trees; without them the log has none.</param>
/// <param name="signing">The signing keys; without them a batch that holds a certificate fails.</param>
/// <param name="durability">The word for it that entries carry.</param>
/// <param name="logger">Where failures are told.</param>
/// <param name="doubt">Remembers what a shared log has not on the disk yet; <see langword="null"/> where a commit waits for the disk.</param>
/// <param name="metrics">What counts.</param>
internal sealed partial class LogWriter(
    IAuditLog log, ILogKeySource keys, LogTrees? trees, ISigningKeys? signing, string durability, ILogger logger,
    CallsInDoubt? doubt = null, AuditMetrics? metrics = null)
{
    private readonly AuditBatch _batch = new();
    private readonly ArrayBufferWriter<byte> _bytes = new(256 * 1024);
    private readonly List<(int Start, int Length)> _slices = [];
    private readonly List<(PendingEntry Pending, long Seq)> _sealed = [];
    private readonly ISharedAuditLog? _shared = log as ISharedAuditLog;
    private readonly LogCatchUp _catchUp = new(log, keys, trees);
    private Dictionary<string, ChainHead> _heads = new(StringComparer.Ordinal);
    private Step _step;

    /// <summary>What the writer is doing, which is where a failure came from.</summary>
    private enum Step
    {
        /// <summary>It asks the store where the logs stand, and for its turn.</summary>
        Asking,

        /// <summary>It has its turn, and nothing was given to the store.</summary>
        Chaining,

        /// <summary>The store has the batch, or is about to.</summary>
        Storing,
    }

    /// <summary>Takes over from what is stored. A log that lost entries goes on behind its recorded head, so that the gap stays.</summary>
    public async ValueTask LoadHeadsAsync(CancellationToken cancellationToken)
    {
        _step = Step.Asking;
        var heads = new Dictionary<string, ChainHead>(StringComparer.Ordinal);
        var logs = await log.ReadLogsAsync(cancellationToken);
        _catchUp.Forget();
        foreach (var stored in logs)
        {
            var known = _heads.GetValueOrDefault(stored.Tenant);
            var isShorter = known is not null && known.Seq > stored.Head.Seq;

            // Where others append too, what is known stays until the entries behind it were verified: a log that was found to be another
            // one is another one the next time as well.
            var keeps = known is not null && !GoesBack && (isShorter || _shared is not null);
            var head = keeps ? known! : stored.Head;
            heads[stored.Tenant] = head;
            if (isShorter || stored.LastSeq < head.Seq)
            {
                Log.Shorter(logger, stored.LastSeq, isShorter ? known!.Seq : head.Seq);
            }
        }

        // A tenant whose log vanished from the store altogether keeps the head this process knows.
        foreach (var (tenant, head) in GoesBack ? [] : _heads)
        {
            heads.TryAdd(tenant, head);
        }

        if (trees is not null)
        {
            await trees.RestoreAsync(
                [.. heads.Select(h => At(logs.FirstOrDefault(l => l.Tenant == h.Key) ?? new StoredLog(h.Key, ChainHead.Genesis, h.Value, 0), h.Value))],
                cancellationToken);
        }

        Volatile.Write(ref _heads, heads);
    }

    /// <summary>The log up to a head; what others appended behind it is taken over when it is verified.</summary>
    private StoredLog At(StoredLog stored, ChainHead head)
        => stored with { Head = head, LastSeq = _shared is null ? stored.LastSeq : Math.Min(stored.LastSeq, head.Seq) };

    /// <summary>The head of a tenant's log as this process wrote it. Safe to call from any thread.</summary>
    public ChainHead? HeadOf(string tenant) => Volatile.Read(ref _heads).GetValueOrDefault(tenant);

    /// <summary>Every tenant that has a log. Safe to call from any thread.</summary>
    public IReadOnlyCollection<string> Tenants => Volatile.Read(ref _heads).Keys;

    /// <summary>
    /// Whether a log that became shorter is taken as it is: where several processes append and durability is <c>write</c>, a database
    /// that broke down may have lost the last moment, as it was declared, and the others go on from there.
    /// </summary>
    private bool GoesBack => _shared is not null && durability == "write";

    /// <summary>Stores the entries in one transaction. Chain and trees move on only if the store took them.</summary>
    /// <param name="pending">The entries.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="more">Adds what queued up while the logs of these tenants were waited for.</param>
    public async ValueTask WriteAsync(
        List<PendingEntry> pending, CancellationToken cancellationToken, Action<List<PendingEntry>, HashSet<string>>? more = null)
    {
        if (_shared is { } shared)
        {
            await WriteSharedAsync(shared, pending, more, cancellationToken);
            return;
        }

        _step = Step.Chaining;
        Chain(pending);
        Seal();
        GrowTrees();
        _step = Step.Storing;
        await log.AppendAsync(_batch, cancellationToken);
        Advance(_batch.Heads);
        trees?.Commit(_batch.Heads.Keys);
    }

    /// <summary>
    /// Whether the last failure concerns what was to be stored and not the store: then nothing of it is stored for certain, and the entries
    /// of other tenants can be. What is in doubt is none: whoever tried it again might have it twice.
    /// </summary>
    public bool IsRefusal(Exception failure) => log.IsRefusal(failure)
        || (_step == Step.Chaining && failure is not (DbException or IOException or TimeoutException or OperationCanceledException));

    /// <summary>Goes back to what is stored, after a refusal.</summary>
    public async ValueTask RevertAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in _batch.Heads.Keys)
        {
            await (trees?.RevertAsync(tenant, HeadOf(tenant)?.Seq ?? 0, cancellationToken) ?? ValueTask.CompletedTask);
        }

        _batch.Clear();
    }

    private void Advance(IEnumerable<KeyValuePair<string, ChainHead>> moved)
    {
        // INVARIANT: readers see a whole dictionary; this loop is the only one that replaces it.
        var heads = new Dictionary<string, ChainHead>(_heads, StringComparer.Ordinal);
        foreach (var (tenant, head) in moved)
        {
            heads[tenant] = head;
        }

        Volatile.Write(ref _heads, heads);
    }

    private void Chain(List<PendingEntry> pending)
    {
        _batch.Clear();
        _bytes.ResetWrittenCount();
        _slices.Clear();
        _sealed.Clear();
        var key = keys.Current;
        foreach (var item in pending)
        {
            var body = item.Entry.Durability is null ? item.Entry with { Durability = durability } : item.Entry;
            var start = _bytes.WrittenCount;
            var head = LogChain.Append(_bytes, body, _batch.Heads.GetValueOrDefault(body.Tenant) ?? HeadOf(body.Tenant) ?? ChainHead.Genesis, key);
            _batch.Heads[body.Tenant] = head;
            _batch.Entries.Add(new ChainedEntry(body, default, head));
            _slices.Add((start, _bytes.WrittenCount - start));
            if (item.Lost is { } lost)
            {
                lost.Tried = new LogMark(body.Tenant, head.Seq, head.Hash);
            }

            if (item.Trace is { } trace)
            {
                _batch.Traces.Add(trace);
            }

            if (item.Record.Certificate is not null)
            {
                _sealed.Add((item, head.Seq));
            }
        }

        // The buffer may have moved while it grew: slices are taken once it has stopped.
        var written = _bytes.WrittenMemory;
        for (var i = 0; i < _slices.Count; i++)
        {
            _batch.Entries[i] = _batch.Entries[i] with { Canonical = written.Slice(_slices[i].Start, _slices[i].Length) };
        }
    }

    /// <summary>One signature for all certificates of the batch. Without it the batch is not stored: a decision has a certificate or is not on record.</summary>
    private void Seal()
    {
        if (_sealed.Count == 0)
        {
            return;
        }

        var signer = signing ?? throw new InvalidOperationException($"{Codes.SigningKeyUnusable}: there is no key to sign certificates with.");
        var batch = CertificateBatch.Sign([.. _sealed.Select(item => item.Pending.Record.Certificate!)], signer.Current);
        for (var i = 0; i < _sealed.Count; i++)
        {
            var (item, seq) = _sealed[i];
            item.Seal = batch.Seal(i, LogOrigin.Of(signer.Name, item.Entry.Tenant), seq - 1);
            _batch.Certificates.Add(new SealedCertificate(item.Entry.Tenant, seq, item.Record, item.Seal));
        }
    }

    private void GrowTrees()
    {
        if (trees is null)
        {
            return;
        }

        foreach (var entry in _batch.Entries)
        {
            trees.GrowingOf(entry.Body.Tenant)?.Append(entry.Canonical.Span);
        }

        foreach (var tenant in _batch.Heads.Keys)
        {
            trees.GrowingOf(tenant)?.TakeChanged(_batch.Tiles);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4004, LogLevel.Critical, "AG4004: a log ends at entry {LastSeq}, its recorded head is {HeadSeq}: entries were removed. Verify the log.")]
        public static partial void Shorter(ILogger logger, long lastSeq, long headSeq);
    }
}
