using System.Buffers;
using AgentGate.Kernel.Transparency;
using Microsoft.Extensions.Logging;

namespace AgentGate.Audit;

/// <summary>Chains queued entries and stores them batch by batch. Not thread-safe: the recorder's one loop owns it.</summary>
internal sealed partial class LogWriter(IAuditLog log, ILogKeySource keys, string durability, ILogger logger)
{
    private readonly AuditBatch _batch = new();
    private readonly ArrayBufferWriter<byte> _bytes = new(256 * 1024);
    private readonly List<(int Start, int Length)> _slices = [];
    private Dictionary<string, ChainHead> _heads = new(StringComparer.Ordinal);

    /// <summary>Takes over from what is stored. A log that lost entries goes on behind its recorded head, so that the gap stays.</summary>
    public async ValueTask LoadHeadsAsync(CancellationToken cancellationToken)
    {
        var heads = new Dictionary<string, ChainHead>(StringComparer.Ordinal);
        foreach (var stored in await log.ReadLogsAsync(cancellationToken))
        {
            var known = _heads.GetValueOrDefault(stored.Tenant);
            var head = known is not null && known.Seq > stored.Head.Seq ? known : stored.Head;
            heads[stored.Tenant] = head;
            if (stored.LastSeq < head.Seq)
            {
                Log.Shorter(logger, stored.LastSeq, head.Seq);
            }
        }

        // A tenant whose log vanished from the store altogether keeps the head this process knows.
        foreach (var (tenant, head) in _heads)
        {
            heads.TryAdd(tenant, head);
        }

        Volatile.Write(ref _heads, heads);
    }

    /// <summary>The head of a tenant's log as this process wrote it. Safe to call from any thread.</summary>
    public ChainHead? HeadOf(string tenant) => Volatile.Read(ref _heads).GetValueOrDefault(tenant);

    /// <summary>Stores the entries in one transaction. The chain moves on only if the store took them.</summary>
    public async ValueTask WriteAsync(List<PendingEntry> pending, CancellationToken cancellationToken)
    {
        Chain(pending);
        await log.AppendAsync(_batch, cancellationToken);

        // INVARIANT: readers see a whole dictionary; this loop is the only one that replaces it.
        var heads = new Dictionary<string, ChainHead>(_heads, StringComparer.Ordinal);
        foreach (var (tenant, head) in _batch.Heads)
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
        var key = keys.Current;
        foreach (var item in pending)
        {
            var body = item.Entry.Durability is null ? item.Entry with { Durability = durability } : item.Entry;
            var start = _bytes.WrittenCount;
            var head = LogChain.Append(_bytes, body, _batch.Heads.GetValueOrDefault(body.Tenant) ?? HeadOf(body.Tenant) ?? ChainHead.Genesis, key);
            _batch.Heads[body.Tenant] = head;
            _batch.Entries.Add(new ChainedEntry(body, default, head));
            _slices.Add((start, _bytes.WrittenCount - start));
            if (item.Trace is { } trace)
            {
                _batch.Traces.Add(trace);
            }
        }

        // The buffer may have moved while it grew: slices are taken once it has stopped.
        var written = _bytes.WrittenMemory;
        for (var i = 0; i < _slices.Count; i++)
        {
            _batch.Entries[i] = _batch.Entries[i] with { Canonical = written.Slice(_slices[i].Start, _slices[i].Length) };
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4004, LogLevel.Critical, "AG4004: a log ends at entry {LastSeq}, its recorded head is {HeadSeq}: entries were removed. Verify the log.")]
        public static partial void Shorter(ILogger logger, long lastSeq, long headSeq);
    }
}
