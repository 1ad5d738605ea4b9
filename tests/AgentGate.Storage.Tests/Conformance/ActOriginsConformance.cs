using AgentGate.Identity;
using AgentGate.Pipeline;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="IActOrigins"/> must do.</summary>
public abstract class ActOriginsConformance : IAsyncDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private protected abstract Task<IActOrigins> CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_origin_reads_back_in_its_own_tenant()
    {
        var store = await CreateAsync();
        await store.AddAsync("entry_1", "a", "user_1", Origin(1), s_start, default);
        await store.AddAsync("entry_2", "a", "", Origin(2), s_start, default);

        var found = await store.FindAsync("a", ["entry_1", "entry_2", "entry_3"], default);
        Assert.Equal([("entry_1", Origin(1)), ("entry_2", Origin(2))], found.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Empty(await store.FindAsync("b", ["entry_1"], default));
    }

    [Fact]
    public async Task Ten_first_acts_of_a_user_at_once_are_all_readable()
    {
        var store = await CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => store.AddAsync($"entry_{i}", "a", "user_1", Origin(i), s_start, default))));

        Assert.Equal(10, (await store.FindAsync("a", [.. Enumerable.Range(0, 10).Select(i => $"entry_{i}")], default)).Count);
    }

    [Fact]
    public async Task The_addresses_of_a_user_are_told_once_each_the_latest_first()
    {
        var store = await CreateAsync();
        foreach (var (number, second) in new[] { (1, 1), (2, 2), (1, 3), (3, 4), (9, -5) })
        {
            await store.AddAsync($"entry_{second}", "a", "user_1", Origin(number), s_start.AddSeconds(second), default);
        }

        await store.AddAsync("entry_other", "a", "user_2", Origin(8), s_start.AddSeconds(1), default);
        Assert.Equal(["192.0.2.3", "192.0.2.1", "192.0.2.2"], await store.AddressesAsync("a", "user_1", s_start, default));
    }

    [Fact]
    public async Task What_a_user_did_is_from_nowhere_once_its_key_is_destroyed_and_nobody_elses()
    {
        var store = await CreateAsync();
        await store.AddAsync("entry_1", "a", "user_1", Origin(1), s_start, default);
        await store.AddAsync("entry_2", "a", "user_2", Origin(2), s_start, default);

        Assert.True(await store.EraseAsync("a", "user_1", default));
        Assert.False(await store.EraseAsync("a", "user_1", default));
        Assert.Equal(["entry_2"], (await store.FindAsync("a", ["entry_1", "entry_2"], default)).Keys);

        // A later act has a key of its own, and opens nothing from before.
        await store.AddAsync("entry_3", "a", "user_1", Origin(3), s_start.AddSeconds(1), default);
        Assert.Equal(["entry_3"], (await store.FindAsync("a", ["entry_1", "entry_3"], default)).Keys);
        Assert.Equal(["192.0.2.3"], await store.AddressesAsync("a", "user_1", s_start, default));
    }

    private static ActOrigin Origin(int number) => new($"192.0.2.{number}", $"Browser/{number}");
}
