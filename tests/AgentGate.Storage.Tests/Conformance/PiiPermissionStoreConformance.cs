using AgentGate.Identity;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="IPiiPermissionStore"/> must do.</summary>
public abstract class PiiPermissionStoreConformance : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private protected abstract Task<IPiiPermissionStore> CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_permission_reads_back_whole()
    {
        var store = await CreateAsync();
        var one = Permission("p1") with { ExpiresAt = Start.AddDays(1), Reason = "für den Kundendienst" };
        Assert.True(await store.AddAsync(one, Start, default));
        Assert.Equal(one, await store.FindAsync("a", "p1", default));
        Assert.Equal([one], await store.ListAsync("a", "user_1", default));
    }

    [Fact]
    public async Task A_user_has_a_permission_once_and_an_expired_one_gives_way()
    {
        var store = await CreateAsync();
        Assert.True(await store.AddAsync(Permission("p1") with { ExpiresAt = Start.AddHours(1) }, Start, default));
        Assert.False(await store.AddAsync(Permission("p2"), Start, default));
        Assert.True(await store.AddAsync(Permission("p3"), Start.AddHours(1), default));
        Assert.False(await store.AddAsync(Permission("p4"), Start.AddYears(9), default));
        Assert.Equal(["p3"], (await store.ListAsync("a", "user_1", default)).Select(one => one.Id));
    }

    [Fact]
    public async Task Of_many_that_give_it_at_once_one_does()
    {
        var store = await CreateAsync();
        var added = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => store.AddAsync(Permission($"p{i}"), Start, default))));
        Assert.Equal(1, added.Count(one => one));
    }

    [Fact]
    public async Task A_tenant_sees_and_removes_its_own()
    {
        var store = await CreateAsync();
        await store.AddAsync(Permission("p1"), Start, default);
        Assert.Null(await store.FindAsync("b", "p1", default));
        Assert.Empty(await store.ListAsync("b", "user_1", default));
        Assert.False(await store.RemoveAsync("b", "p1", default));
        Assert.True(await store.RemoveAsync("a", "p1", default));
        Assert.False(await store.RemoveAsync("a", "p1", default));
    }

    [Fact]
    public async Task An_id_that_no_database_takes_is_nobodys()
    {
        var store = await CreateAsync();
        Assert.Null(await store.FindAsync("a", "p\0", default));
        Assert.Empty(await store.ListAsync("a", "u\0", default));
        Assert.False(await store.RemoveAsync("a", "p\0", default));
    }

    private static PiiPermission Permission(string id) => new()
    {
        Id = id, Tenant = "a", UserId = "user_1", Permission = "pii:store", GrantedBy = "user_2", GrantedAt = Start,
    };
}
