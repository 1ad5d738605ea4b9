using System.Collections.Concurrent;
using AgentGate.Kernel.Transparency;
using Microsoft.Extensions.Logging;

namespace AgentGate.Audit;

/// <summary>
/// The trees of all logs. The log's writer makes them grow; anybody may ask how far they are stored. After a failed append the
/// writer restores them from the store, like the chain's heads.
/// </summary>
internal sealed partial class LogTrees(IAuditLog log, ILogTiles tiles, ILogger<LogTrees> logger)
{
    /// <summary>How many entries of a log from before are hashed between two lines of progress.</summary>
    private const int ProgressEvery = 100_000;

    private const int TilesPerStep = 64;

    private readonly ConcurrentDictionary<string, TreeHead> _heads = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _lost = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, MerkleTileCache> _caches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LogTree?> _growing = new(StringComparer.Ordinal);

    /// <summary>Every tree, as far as it is stored. Thread-safe.</summary>
    public IEnumerable<KeyValuePair<string, TreeHead>> Heads => _heads;

    /// <summary>How far a tenant's tree is stored; <see langword="null"/> where the log has no entry, or entries are missing. Thread-safe.</summary>
    public TreeHead? HeadOf(string tenant) => _heads.GetValueOrDefault(tenant);

    /// <summary>Whether a tenant's log has entries and no tree, because some are missing (AG4022). Thread-safe.</summary>
    public bool IsLost(string tenant) => _lost.ContainsKey(tenant);

    /// <summary>Checks a tenant's tree by what is stored now, tile for tile. Thread-safe.</summary>
    public MerkleProver ProverOf(string tenant) => new(TilesOf(tenant));

    /// <summary>Makes proofs for a tenant's tree, remembering full tiles: who checks a proof needs no trust in where its hashes came from. Thread-safe.</summary>
    public MerkleProver ServingProverOf(string tenant) => new(TilesOf(tenant), _caches.GetOrAdd(tenant, static _ => new MerkleTileCache()));

    /// <summary>Reads a tenant's tiles. Thread-safe.</summary>
    public ITileSource TilesOf(string tenant) => new TenantTiles(log, tiles, tenant);

    /// <summary>Takes the trees over from the store: tiles, and at most 255 entries of each log.</summary>
    public async ValueTask RestoreAsync(IReadOnlyList<StoredLog> logs, CancellationToken cancellationToken)
    {
        _growing.Clear();
        _caches.Clear();
        foreach (var stored in logs)
        {
            await RestoreOneAsync(stored, cancellationToken);
        }
    }

    /// <summary>Takes one tree over from the store. For the writer alone.</summary>
    public async ValueTask RestoreOneAsync(StoredLog stored, CancellationToken cancellationToken)
    {
        var tree = stored.LastSeq == stored.Head.Seq ? await RestoreAsync(stored.Tenant, stored.Head.Seq, cancellationToken) : null;
        _growing[stored.Tenant] = tree;
        if (tree is null)
        {
            _lost[stored.Tenant] = true;
            _heads.TryRemove(stored.Tenant, out _);
            Log.NoTree(logger);
        }
        else
        {
            _lost.TryRemove(stored.Tenant, out _);
            _heads[stored.Tenant] = tree.Head();
        }
    }

    /// <summary>Takes back what was appended to a tenant's tree and not stored. For the writer alone.</summary>
    /// <param name="tenant">Whose tree.</param>
    /// <param name="size">How many entries are stored.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask RevertAsync(string tenant, long size, CancellationToken cancellationToken)
    {
        if (size == 0)
        {
            _growing.Remove(tenant);
        }
        else if (GrowingOf(tenant) is not null)
        {
            _growing[tenant] = await RestoreAsync(tenant, size, cancellationToken)
                ?? throw new InvalidOperationException("The tiles of a log are not as long as the log.");
        }
    }

    /// <summary>Appends what another process stored, tiles included. For the writer alone.</summary>
    public void TakeOver(string tenant, IReadOnlyList<StoredEntry> entries)
    {
        if (GrowingOf(tenant) is { } tree)
        {
            foreach (var entry in entries)
            {
                tree.Append(entry.Canonical.Span);
            }

            // Whoever appended these entries stored the tiles they changed.
            tree.TakeChanged([]);
            Advance(tenant, tree.Head());
        }
    }

    /// <summary>What another process stored, seen from outside: nothing the writer owns is touched. Thread-safe.</summary>
    /// <exception cref="TileUnavailableException">A tile is missing.</exception>
    public async ValueTask FollowAsync(string tenant, long size, CancellationToken cancellationToken)
    {
        if (!IsLost(tenant) && (HeadOf(tenant)?.Size ?? 0) < size)
        {
            Advance(tenant, new TreeHead(size, await ProverOf(tenant).RootAsync(size, cancellationToken)));
        }
    }

    /// <summary>Forgets a head that turned out not to be stored, so that it is read anew. Thread-safe.</summary>
    public void Unlearn(string tenant, TreeHead head) => _heads.TryRemove(KeyValuePair.Create(tenant, head));

    /// <summary>The tree a tenant's entries are appended to; <see langword="null"/> where its log has a gap. For the writer alone.</summary>
    public LogTree? GrowingOf(string tenant)
    {
        if (!_growing.TryGetValue(tenant, out var tree))
        {
            _growing[tenant] = tree = new LogTree(tenant);
        }

        return tree;
    }

    /// <summary>The store took what was appended to these tenants' trees. For the writer alone.</summary>
    public void Commit(IEnumerable<string> tenants)
    {
        foreach (var tenant in tenants)
        {
            if (GrowingOf(tenant) is { } tree)
            {
                Advance(tenant, tree.Head());
            }
        }
    }

    /// <summary>A head never goes back: the writer and who follows from outside may be ahead of each other.</summary>
    private void Advance(string tenant, TreeHead head)
        => _heads.AddOrUpdate(tenant, static (_, next) => next, static (_, known, next) => known.Size > next.Size ? known : next, head);

    private async ValueTask<LogTree?> RestoreAsync(string tenant, long size, CancellationToken cancellationToken)
    {
        var source = new TenantTiles(log, tiles, tenant);
        var edge = new Dictionary<TileCoordinates, ReadOnlyMemory<byte>>();
        for (var level = 0; level < MerkleTiles.LevelsMax; level++)
        {
            var hashes = size >> (MerkleTiles.Height * level);
            var (index, width) = Math.DivRem(hashes, TileCoordinates.FullWidth);

            // Beside the partial tile the full one before it: a log from before has neither.
            if (index > 0 && (await tiles.ReadAsync(tenant, level, index - 1, cancellationToken)).Length != MerkleTiles.FullLength)
            {
                return await BuildAsync(tenant, size, cancellationToken);
            }

            if (width > 0)
            {
                var tile = new TileCoordinates(level, index, (int)width);
                edge[tile] = await source.ReadTileAsync(tile, cancellationToken);
                if (edge[tile].Length < width * MerkleHash.Length)
                {
                    return level == 0 ? null : await BuildAsync(tenant, size, cancellationToken);
                }
            }
        }

        return LogTree.Restore(tenant, size, tile => edge[tile]);
    }

    /// <summary>Hashes a log from its first entry. Runs once, for a log that was begun without a tree; what is stored twice is the same.</summary>
    private async ValueTask<LogTree?> BuildAsync(string tenant, long size, CancellationToken cancellationToken)
    {
        Log.Building(logger, size);
        var tree = new LogTree(tenant);
        var changed = new List<LogTile>();
        await foreach (var entry in log.ReadChainAsync(tenant, long.MinValue, null, cancellationToken))
        {
            if (entry.Seq != tree.Size + 1)
            {
                return null;
            }

            tree.Append(entry.Canonical.Span);
            if (tree.Size % (TilesPerStep * TileCoordinates.FullWidth) == 0)
            {
                tree.TakeChanged(changed);
                await tiles.StoreAsync(changed, cancellationToken);
                changed.Clear();
            }

            if (tree.Size % ProgressEvery == 0)
            {
                Log.Built(logger, tree.Size, size);
            }
        }

        tree.TakeChanged(changed);
        await tiles.StoreAsync(changed, cancellationToken);
        return tree.Size == size ? tree : null;
    }

    private static partial class Log
    {
        [LoggerMessage(4020, LogLevel.Information, "A log of {Size} entries was begun without a tree; it is hashed once now.")]
        public static partial void Building(ILogger logger, long size);

        [LoggerMessage(4021, LogLevel.Information, "{Done} of {Size} entries are hashed.")]
        public static partial void Built(ILogger logger, long done, long size);

        [LoggerMessage(4022, LogLevel.Critical, "AG4022: entries of a log are missing, so that it has no tree and gets no checkpoints any more. Verify the log.")]
        public static partial void NoTree(ILogger logger);
    }
}
