using AgentGate.Settings;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="ISettingsStore"/> must do.</summary>
public abstract class SettingsStoreConformance : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private protected abstract Task<ISettingsStore> CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Settings_read_back_whole_and_the_last_value_counts()
    {
        var store = await CreateAsync();
        Assert.Empty(await store.ListAsync("a", default));
        StoredSetting[] first = [new("b", "1", Start, "user_1"), new("a", "\"x\"", Start, "user_1")];
        await store.StoreAsync("a", first, default);
        Assert.Equal([first[1], first[0]], await store.ListAsync("a", default));

        var second = new StoredSetting("b", "2", Start.AddSeconds(1), "user_2");
        await store.StoreAsync("a", [second], default);
        Assert.Equal([first[1], second], await store.ListAsync("a", default));
    }

    [Fact]
    public async Task A_tenant_has_its_own()
    {
        var store = await CreateAsync();
        await store.StoreAsync("a", [new("k", "1", Start, "u")], default);
        await store.StoreAsync("b", [new("k", "2", Start, "u")], default);
        Assert.Equal("1", Assert.Single(await store.ListAsync("a", default)).Value);
        Assert.Equal("2", Assert.Single(await store.ListAsync("b", default)).Value);
    }

    [Fact]
    public async Task Many_that_change_one_at_once_leave_one_value()
    {
        var store = await CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => store.StoreAsync("a", [new("k", $"{i}", Start, "u")], default))));
        Assert.Single(await store.ListAsync("a", default));
    }
}
