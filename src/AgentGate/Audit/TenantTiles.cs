using AgentGate.Kernel.Transparency;

namespace AgentGate.Audit;

/// <summary>A tenant's tiles: the stored ones, and at the right edge of level 0 the leaf hashes of at most 255 entries. Thread-safe.</summary>
internal sealed class TenantTiles(IAuditLog log, ILogTiles tiles, string tenant) : ITileSource
{
    public async ValueTask<ReadOnlyMemory<byte>> ReadTileAsync(TileCoordinates tile, CancellationToken cancellationToken)
    {
        var stored = await tiles.ReadAsync(tenant, tile.Level, tile.Index, cancellationToken);
        return stored.Length >= tile.Width * MerkleHash.Length || tile.Level != 0
            ? stored
            : await HashEntriesAsync((tile.Index * TileCoordinates.FullWidth) + 1, tile.Width, cancellationToken);
    }

    /// <summary>Hashes entries; fewer than asked for where one is missing.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> HashEntriesAsync(long fromSeq, int count, CancellationToken cancellationToken)
    {
        var hashes = new byte[count * MerkleHash.Length];
        var read = 0;
        await foreach (var entry in log.ReadChainAsync(tenant, fromSeq, null, cancellationToken))
        {
            if (read == count || entry.Seq != fromSeq + read)
            {
                break;
            }

            MerkleHash.Leaf(entry.Canonical.Span, hashes.AsSpan(read * MerkleHash.Length));
            read++;
        }

        return hashes.AsMemory(0, read * MerkleHash.Length);
    }
}
