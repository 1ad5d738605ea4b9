namespace AgentGate.Audit;

/// <summary>Where the tiles of the logs' trees are kept. The log's own append stores them with their entries. Thread-safe.</summary>
internal interface ILogTiles
{
    /// <summary>A stored tile; empty where there is none. A partial tile may be wider than the caller expects, never narrower.</summary>
    ValueTask<ReadOnlyMemory<byte>> ReadAsync(string tenant, int level, long index, CancellationToken cancellationToken);

    /// <summary>Stores tiles of a log that was begun without a tree, in one transaction.</summary>
    ValueTask StoreAsync(IReadOnlyList<LogTile> tiles, CancellationToken cancellationToken);
}
