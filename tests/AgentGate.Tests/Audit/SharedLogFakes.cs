using System.Runtime.CompilerServices;
using AgentGate.Audit;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Tests.Audit;

/// <summary>A log as several processes share it, in memory: its connection can be cut, and then it may have lost something.</summary>
internal sealed class SharedScriptedLog : ISharedAuditLog
{
    private readonly InMemoryAuditLog _inner = new(new AuditOptions { InMemoryEntries = 1_000_000 });

    public long Session { get; set; } = 1;

    /// <summary>What is said to be gone.</summary>
    public Func<LogMark, bool> IsGone { get; set; } = static _ => false;

    /// <summary>Calls whose outcome is gone, so that they are open again.</summary>
    public HashSet<string> OpenAgain { get; } = [];

    /// <summary>Why an append fails.</summary>
    public Func<AuditBatch, Exception?>? Fails { get; set; }

    /// <summary>Whether an append that fails is stored all the same.</summary>
    public bool StoresBeforeFailing { get; set; }

    /// <summary>How many entries each append stored, and whether it went to the disk.</summary>
    public List<(int Count, bool ToDisk)> Appends { get; } = [];

    /// <summary>How many entries were looked for.</summary>
    public List<int> Looked { get; } = [];

    public async ValueTask<ISharedAppend> BeginAsync(IReadOnlyList<LogPosition> logs, IReadOnlyList<DecisionRecord> records, CancellationToken cancellationToken)
    {
        var heads = await ReadHeadsAsync(null, cancellationToken);
        var open = (await _inner.ReadOpenIntentsAsync(cancellationToken)).Select(entry => (entry.Body.Tenant, entry.Body.CallId!)).ToHashSet();
        var grown = new List<LogGrowth>();
        foreach (var (tenant, after) in logs)
        {
            var behind = after == long.MaxValue ? [] : (await _inner.ReadChainAsync(tenant, after + 1, null, cancellationToken).ToListAsync(cancellationToken));
            grown.Add(new LogGrowth(tenant, heads.GetValueOrDefault(tenant) ?? ChainHead.Genesis, behind, true));
        }

        return new Append(this, grown, open);
    }

    public async ValueTask<IReadOnlyDictionary<string, ChainHead>> ReadHeadsAsync(string? tenant, CancellationToken cancellationToken)
        => (await _inner.ReadLogsAsync(cancellationToken)).ToDictionary(log => log.Tenant, log => log.Head);

    public ValueTask<bool> RenewAsync(CancellationToken cancellationToken) => new(false);

    public ValueTask<IReadOnlyList<LogEntry>> ReadAbandonedIntentsAsync(CancellationToken cancellationToken) => new([]);

    public ValueTask<int> CountOthersAsync(CancellationToken cancellationToken) => new(0);

    public ValueTask AppendAsync(AuditBatch batch, CancellationToken cancellationToken) => _inner.AppendAsync(batch, cancellationToken);

    public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<IReadOnlyList<StoredLog>> ReadLogsAsync(CancellationToken cancellationToken) => _inner.ReadLogsAsync(cancellationToken);

    public ValueTask<IReadOnlyList<StoredEntry>> ReadAsync(AuditQuery query, CancellationToken cancellationToken) => _inner.ReadAsync(query, cancellationToken);

    public async IAsyncEnumerable<StoredEntry> ReadChainAsync(
        string tenant, long fromSeq, DateTimeOffset? since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in _inner.ReadChainAsync(tenant, fromSeq, since, cancellationToken))
        {
            yield return entry;
        }
    }

    public ValueTask<IReadOnlyList<LogEntry>> ReadOpenIntentsAsync(CancellationToken cancellationToken) => _inner.ReadOpenIntentsAsync(cancellationToken);

    private sealed class Append(SharedScriptedLog log, List<LogGrowth> logs, HashSet<(string Tenant, string CallId)> open) : ISharedAppend
    {
        public IReadOnlyList<LogGrowth> Logs => logs;

        public long Session { get; } = log.Session;

        public bool IsOpen(string tenant, string callId) => open.Contains((tenant, callId)) || log.OpenAgain.Contains(callId);

        public async ValueTask<IReadOnlyList<int>> FindMissingAsync(IReadOnlyList<LogMark> entries, CancellationToken cancellationToken)
        {
            log.Looked.Add(entries.Count);
            var stored = (await log._inner.ReadChainAsync("a", 1, null, cancellationToken).ToListAsync(cancellationToken)).Select(entry => Convert.ToHexString(entry.Hash.Span)).ToHashSet();
            return [.. entries.Index().Where(entry => log.IsGone(entry.Item) || !stored.Contains(Convert.ToHexString(entry.Item.Hash.Span))).Select(entry => entry.Index)];
        }

        public ValueTask ExtendAsync(IReadOnlyList<DecisionRecord> records, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public async ValueTask CommitAsync(AuditBatch batch, CancellationToken cancellationToken)
        {
            var failure = log.Fails?.Invoke(batch);
            if (failure is null || log.StoresBeforeFailing)
            {
                await log._inner.AppendAsync(batch, cancellationToken);
                log.Appends.Add((batch.Entries.Count, batch.ToDisk));
            }

            if (failure is not null)
            {
                throw failure;
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
