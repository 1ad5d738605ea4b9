using AgentGate.Identity;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="IAttempts"/> must do.</summary>
public abstract class AttemptsConformance : IAsyncDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    private protected abstract Task<IAttempts> CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Fifty_at_once_are_counted_one_by_one()
    {
        var store = await CreateAsync();
        var counts = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => store.AddAsync("kind", "ann", s_window, s_start, default))));

        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), counts.Order());
        Assert.Equal((50, s_start + s_window), await store.CountAsync("kind", "ann", s_start, default));
    }

    [Fact]
    public async Task A_window_begins_with_its_first_and_ends_whatever_comes_after()
    {
        var store = await CreateAsync();
        Assert.Equal(1, await store.AddAsync("kind", "ann", s_window, s_start, default));
        Assert.Equal(2, await store.AddAsync("kind", "ann", s_window, s_start.AddSeconds(59), default));
        Assert.Equal((2, s_start + s_window), await store.CountAsync("kind", "ann", s_start.AddSeconds(59), default));

        var over = s_start + s_window;
        Assert.Equal((0, over), await store.CountAsync("kind", "ann", over, default));
        Assert.Equal(1, await store.AddAsync("kind", "ann", s_window, over, default));
        Assert.Equal((1, over + s_window), await store.CountAsync("kind", "ann", over, default));
    }

    [Fact]
    public async Task Of_fifty_at_once_no_more_are_counted_than_the_bound_and_the_others_leave_no_trace()
    {
        var store = await CreateAsync();
        var counts = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => store.AddBelowAsync("kind", "ann", 3, s_window, s_start, default))));

        Assert.Equal([1L, 2L, 3L], counts.OfType<long>().Order());
        Assert.Equal(3, (await store.CountAsync("kind", "ann", s_start, default)).Count);
        Assert.Equal(4, await store.AddBelowAsync("kind", "ann", 10, s_window, s_start, default));
        Assert.Equal(1, await store.AddBelowAsync("kind", "ann", 3, s_window, s_start + s_window, default));
    }

    [Fact]
    public async Task Kinds_and_subjects_are_told_apart_and_forgotten_apart()
    {
        var store = await CreateAsync();
        await store.AddAsync("kind", "ann", s_window, s_start, default);
        await store.AddAsync("other", "ann", s_window, s_start, default);
        await store.AddAsync("kind", "bob", s_window, s_start, default);
        await store.ResetAsync("kind", "ann", default);

        Assert.Equal(0, (await store.CountAsync("kind", "ann", s_start, default)).Count);
        Assert.Equal(1, (await store.CountAsync("other", "ann", s_start, default)).Count);
        Assert.Equal(1, (await store.CountAsync("kind", "bob", s_start, default)).Count);
    }

    [Fact]
    public async Task Windows_that_ended_are_deleted_and_the_others_stay()
    {
        var store = await CreateAsync();
        await store.AddAsync("kind", "ann", s_window, s_start, default);
        await store.AddAsync("kind", "bob", TimeSpan.FromHours(1), s_start, default);
        await store.PurgeAsync(s_start.AddMinutes(2), default);

        // Asked for a time before its end, so that only deleting explains it.
        Assert.Equal(0, (await store.CountAsync("kind", "ann", s_start, default)).Count);
        Assert.Equal(1, (await store.CountAsync("kind", "bob", s_start, default)).Count);
    }
}
