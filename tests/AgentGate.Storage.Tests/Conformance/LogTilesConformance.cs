using AgentGate.Audit;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="ILogTiles"/> must do.</summary>
public abstract class LogTilesConformance : IAsyncDisposable
{
    private protected abstract Task<ILogTiles> CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_tile_that_was_not_stored_is_empty()
    {
        var tiles = await CreateAsync();
        await tiles.StoreAsync([], default);

        Assert.True((await tiles.ReadAsync("a", 0, 0, default)).IsEmpty);
    }

    [Fact]
    public async Task Tiles_read_back_by_tenant_level_and_place_and_a_wider_one_takes_the_place_of_a_narrower()
    {
        var tiles = await CreateAsync();
        await tiles.StoreAsync([Tile("a", 0, 0, 256), Tile("a", 1, 0, 1), Tile("a", 0, 1, 256), Tile("b", 1, 0, 7)], default);
        await tiles.StoreAsync([Tile("a", 1, 0, 2)], default);

        Assert.Equal(Tile("a", 0, 0, 256).Hashes.ToArray(), (await tiles.ReadAsync("a", 0, 0, default)).ToArray());
        Assert.Equal(Tile("a", 0, 1, 256).Hashes.ToArray(), (await tiles.ReadAsync("a", 0, 1, default)).ToArray());
        Assert.Equal(Tile("a", 1, 0, 2).Hashes.ToArray(), (await tiles.ReadAsync("a", 1, 0, default)).ToArray());
        Assert.Equal(Tile("b", 1, 0, 7).Hashes.ToArray(), (await tiles.ReadAsync("b", 1, 0, default)).ToArray());
        Assert.True((await tiles.ReadAsync("b", 0, 0, default)).IsEmpty);
        Assert.True((await tiles.ReadAsync("a", 1, 1, default)).IsEmpty);
    }

    private static LogTile Tile(string tenant, int level, long index, int width)
        => new(tenant, level, index, Enumerable.Range(0, width * 32).Select(i => (byte)(i + tenant[0] + (level * 7) + index)).ToArray());
}
