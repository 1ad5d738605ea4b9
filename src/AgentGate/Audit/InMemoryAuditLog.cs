using System.Runtime.CompilerServices;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>A log in memory for one process: the newest entries of each tenant. Thread-safe.</summary>
/// <param name="options">Holds the bound.</param>
/// <param name="traces">Receives the traces, in the same step as their entries.</param>
/// <param name="certificates">Receives the certificates, in the same step as their entries.</param>
internal sealed class InMemoryAuditLog(AuditOptions options, Action<CallTrace>? traces = null, Action<SealedCertificate>? certificates = null) : IAuditLog, ILogTiles
{
    private readonly Dictionary<(string Tenant, int Level, long Index), ReadOnlyMemory<byte>> _tiles = [];
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Tenant> _tenants = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Tenant, string CallId), LogEntry> _open = [];

    public ValueTask AppendAsync(AuditBatch batch, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            RefuseGaps(batch);
            foreach (var entry in batch.Entries)
            {
                Append(entry);
            }

            batch.Tiles.ForEach(Keep);
            foreach (var certificate in batch.Certificates)
            {
                certificates?.Invoke(certificate);
            }

            foreach (var trace in batch.Traces)
            {
                traces?.Invoke(trace);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string tenant, int level, long index, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new(_tiles.GetValueOrDefault((tenant, level, index)));
        }
    }

    public ValueTask StoreAsync(IReadOnlyList<LogTile> tiles, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var tile in tiles)
            {
                Keep(tile);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<StoredLog>> ReadLogsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new([.. _tenants.Select(t => new StoredLog(t.Key, t.Value.Start, t.Value.Head, t.Value.Head.Seq))]);
        }
    }

    public ValueTask<IReadOnlyList<StoredEntry>> ReadAsync(AuditQuery query, CancellationToken cancellationToken)
        => new([.. Snapshot(query.Tenant).Reverse().Where(e => Matches(e, query)).Take(query.Limit).Select(e => e.Stored)]);

    public async IAsyncEnumerable<StoredEntry> ReadChainAsync(
        string tenant, long fromSeq, DateTimeOffset? since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var (stored, body) in Snapshot(tenant))
        {
            if (stored.Seq >= fromSeq && (since is null || body.At >= since))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return stored;
            }
        }
    }

    public ValueTask<IReadOnlyList<LogEntry>> ReadOpenIntentsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new([.. _open.Values.OrderBy(e => e.Body.Tenant, StringComparer.Ordinal).ThenBy(e => e.Seq)]);
        }
    }

    private static bool Matches((StoredEntry Stored, LogEntryBody Body) entry, AuditQuery query)
    {
        var body = entry.Body;
        return (query.BeforeSeq is null || entry.Stored.Seq < query.BeforeSeq)
            && (query.Kind is null || body.Kind == query.Kind)
            && (query.Principal is null || body.Principal == query.Principal)
            && (query.Resource is null || body.Resource?.Id == query.Resource)
            && (query.Action is null || body.Action == query.Action)
            && (query.Code is null || body.Code == query.Code)
            && (query.Since is null || body.At >= query.Since)
            && (query.Until is null || body.At < query.Until)
            && (query.Search is null || new[] { body.Principal, body.Action, body.Resource?.Id, body.Code, body.Door, body.CallId, body.Detail }
                .Any(field => field?.Contains(query.Search, StringComparison.OrdinalIgnoreCase) == true));
    }

    /// <summary>Leaf hashes go with the entries they belong to; what is above them is small and stays.</summary>
    private void Keep(LogTile tile)
    {
        _tiles[(tile.Tenant, tile.Level, tile.Index)] = tile.Hashes.ToArray();
        if (tile.Level == 0)
        {
            _tiles.Remove((tile.Tenant, 0, tile.Index - (options.InMemoryEntries / 256) - 2));
        }
    }

    private void RefuseGaps(AuditBatch batch)
    {
        foreach (var log in batch.Entries.GroupBy(e => e.Body.Tenant, StringComparer.Ordinal))
        {
            var expected = _tenants.GetValueOrDefault(log.Key)?.Head.Seq + 1 ?? 1;
            if (log.Any(e => e.Head.Seq != expected++))
            {
                throw new InvalidOperationException("An entry with this number exists, or one before it is missing.");
            }
        }
    }

    private void Append(ChainedEntry entry)
    {
        var body = entry.Body;
        if (!_tenants.TryGetValue(body.Tenant, out var tenant))
        {
            _tenants[body.Tenant] = tenant = new Tenant();
        }

        tenant.Head = entry.Head;
        tenant.Entries.Enqueue((new StoredEntry(entry.Head.Seq, entry.Canonical.ToArray(), entry.Head.Hash), body));
        if (tenant.Entries.Count > options.InMemoryEntries)
        {
            var (dropped, _) = tenant.Entries.Dequeue();
            tenant.Start = new ChainHead(dropped.Seq, dropped.Hash);
        }

        if (body is { Kind: EntryKind.Intent, CallId: { } opened })
        {
            _open[(body.Tenant, opened)] = new LogEntry(entry.Head.Seq, string.Empty, body);
        }
        else if (body is { Kind: EntryKind.Outcome, CallId: { } closed })
        {
            _open.Remove((body.Tenant, closed));
        }
    }

    private (StoredEntry Stored, LogEntryBody Body)[] Snapshot(string tenant)
    {
        lock (_lock)
        {
            return _tenants.TryGetValue(tenant, out var found) ? [.. found.Entries] : [];
        }
    }

    private sealed class Tenant
    {
        public Queue<(StoredEntry Stored, LogEntryBody Body)> Entries { get; } = new();

        public ChainHead Start { get; set; } = ChainHead.Genesis;

        public ChainHead Head { get; set; } = ChainHead.Genesis;
    }
}
