using AgentGate.Threats.Behaviour;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="IBlockedAddressStore"/> must do.</summary>
public abstract class BlockedAddressStoreConformance : IAsyncDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private protected abstract Task<IBlockedAddressStore> CreateAsync();

    /// <summary>The bytes of the stored address.</summary>
    private protected abstract Task<byte[]> StoredAsync(string id);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_block_reads_back_until_it_ends()
    {
        var store = await CreateAsync();
        var (added, _) = await store.AddAsync(Block(1), 10, default);

        Assert.Equal(64, added.Id.Length);
        Assert.Equal([added], (await store.ReadAsync(s_start.AddMinutes(59), default)).Blocked);
        Assert.Empty((await store.ReadAsync(s_start.AddMinutes(60), default)).Blocked);
    }

    [Fact]
    public async Task The_address_is_not_stored_in_clear()
    {
        var store = await CreateAsync();
        var (added, _) = await store.AddAsync(Block(1), 10, default);

        Assert.DoesNotContain("203.0.113.1", System.Text.Encoding.UTF8.GetString(await StoredAsync(added.Id)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_longer_block_prolongs_and_a_shorter_one_changes_nothing()
    {
        var store = await CreateAsync();
        await store.AddAsync(Block(1), 10, default);
        var (longer, _) = await store.AddAsync(Block(1) with { ExpiresAt = s_start.AddHours(2), Reason = "by-hand", BlockedBy = "user_1" }, 10, default);
        var (shorter, _) = await store.AddAsync(Block(1) with { ExpiresAt = s_start.AddMinutes(1) }, 10, default);

        Assert.Equal((longer.Id, s_start.AddHours(2), "by-hand", "user_1"), (shorter.Id, shorter.ExpiresAt, shorter.Reason, shorter.BlockedBy));
        Assert.Single((await store.ReadAsync(s_start, default)).Blocked);
    }

    [Fact]
    public async Task Those_that_end_soonest_make_room()
    {
        var store = await CreateAsync();
        for (var i = 1; i <= 3; i++)
        {
            await store.AddAsync(Block(i) with { ExpiresAt = s_start.AddMinutes(10 * i) }, 3, default);
        }

        var (_, madeRoom) = await store.AddAsync(Block(4), 3, default);

        Assert.Equal(1, madeRoom);
        Assert.DoesNotContain((await store.ReadAsync(s_start, default)).Blocked, one => one.Origin == Block(1).Origin);
        Assert.Equal(3, (await store.ReadAsync(s_start, default)).Blocked.Count);
    }

    [Fact]
    public async Task A_block_is_removed_once()
    {
        var store = await CreateAsync();
        var (added, _) = await store.AddAsync(Block(1), 10, default);

        Assert.True(await store.RemoveAsync(added.Id, default));
        Assert.False(await store.RemoveAsync(added.Id, default));
        Assert.False(await store.RemoveAsync("nothing\0", default));
        Assert.Empty((await store.ReadAsync(s_start, default)).Blocked);
    }

    [Fact]
    public async Task What_has_ended_is_deleted()
    {
        var store = await CreateAsync();
        var (ended, _) = await store.AddAsync(Block(1), 10, default);
        await store.AddAsync(Block(2) with { ExpiresAt = s_start.AddHours(5) }, 10, default);

        await store.PurgeAsync(s_start.AddHours(1), default);

        Assert.False(await store.RemoveAsync(ended.Id, default));
        Assert.Single((await store.ReadAsync(s_start, default)).Blocked);
    }

    [Fact]
    public async Task Many_at_once_block_one_address_once()
    {
        var store = await CreateAsync();
        await Task.WhenAll(Enumerable.Range(1, 8).Select(i => store.AddAsync(Block(1) with { ExpiresAt = s_start.AddMinutes(i) }, 10, default)));

        Assert.Equal(s_start.AddMinutes(8), Assert.Single((await store.ReadAsync(s_start, default)).Blocked).ExpiresAt);
    }

    private static BlockedAddress Block(int number) => new()
    {
        Origin = $"203.0.113.{number}", Reason = "brute-force", BlockedBy = BlockedAddress.BySystem, BlockedAt = s_start, ExpiresAt = s_start.AddHours(1),
    };
}
