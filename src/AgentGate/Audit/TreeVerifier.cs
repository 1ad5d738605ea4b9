using AgentGate.Kernel.Transparency;

namespace AgentGate.Audit;

/// <summary>Checks stored entries against the tree, and the tree against the newest checkpoint. Thread-safe.</summary>
internal sealed class TreeVerifier(IAuditLog log, LogTrees trees, CheckpointPublisher publisher)
{
    /// <summary>Checks leaves.</summary>
    /// <param name="tenant">Whose log.</param>
    /// <param name="start">The first leaf, from 0.</param>
    /// <param name="end">The last leaf; beyond the end it is the newest one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether all is well, how many leaves were, the first that is not, and why.</returns>
    public async Task<(bool Valid, long Checked, long? Index, string? Reason)> VerifyAsync(
        string tenant, long start, long end, CancellationToken cancellationToken)
    {
        // Without a tree there is nothing to compare with; nothing compared is not nothing wrong.
        if (trees.IsLost(tenant))
        {
            return (false, 0, null, "missing");
        }

        try
        {
            return await CompareAsync(tenant, start, end, cancellationToken);
        }
        catch (TileUnavailableException)
        {
            return (false, 0, null, "tree");
        }
    }

    private async Task<(bool Valid, long Checked, long? Index, string? Reason)> CompareAsync(
        string tenant, long start, long end, CancellationToken cancellationToken)
    {
        var size = trees.HeadOf(tenant)?.Size ?? 0;
        var last = Math.Min(end, size - 1);
        if (publisher.PublishedOf(tenant) is { } published)
        {
            var root = await trees.ProverOf(tenant).RootAsync(published.Checkpoint.Size, cancellationToken);
            if (!root.AsSpan().SequenceEqual(published.Checkpoint.Root.Span))
            {
                return (false, 0, null, "tree");
            }
        }

        var (index, tile) = (start, ReadOnlyMemory<byte>.Empty);
        await foreach (var entry in log.ReadChainAsync(tenant, start + 1, null, cancellationToken))
        {
            if (index > last)
            {
                break;
            }

            if (entry.Seq != index + 1)
            {
                return (false, index - start, index, "missing");
            }

            var (at, offset) = Math.DivRem(index, TileCoordinates.FullWidth);
            if (tile.IsEmpty || offset == 0)
            {
                tile = await trees.TilesOf(tenant).ReadTileAsync(
                    new TileCoordinates(0, at, MerkleTiles.WidthAt(0, at, size)), cancellationToken);
            }

            if (tile.Length < (offset + 1) * MerkleHash.Length
                || !tile.Span.Slice((int)offset * MerkleHash.Length, MerkleHash.Length).SequenceEqual(MerkleHash.Leaf(entry.Canonical.Span)))
            {
                return (false, index - start, index, "edited");
            }

            index++;
        }

        return index > last ? (true, Math.Max(0, index - start), null, null) : (false, index - start, index, "missing");
    }
}
