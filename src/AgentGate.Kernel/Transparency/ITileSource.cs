namespace AgentGate.Kernel.Transparency;

/// <summary>Where the tiles of one tree are read from. Thread-safe.</summary>
public interface ITileSource
{
    /// <summary>Reads a tile.</summary>
    /// <param name="tile">Which tile, and how many of its hashes are needed; a source may give more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>At least <see cref="TileCoordinates.Width"/> hashes; fewer where there is no such tile. Not to be changed afterwards.</returns>
    ValueTask<ReadOnlyMemory<byte>> ReadTileAsync(TileCoordinates tile, CancellationToken cancellationToken);
}
