using AgentGate.Delegation;
using AgentGate.Kernel.Delegation;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="IGrantStore"/> must do.</summary>
public abstract class GrantStoreConformance : IAsyncDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private protected abstract Task<IGrantStore> CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_grant_reads_back_byte_for_byte()
    {
        var store = await CreateAsync();
        await store.AddAsync(Grant(1), default);

        var read = Assert.Single(await store.ReadGrantsAsync(default));
        Assert.Equal(Grant(1).Signed.ToArray(), read.Signed.ToArray());
        Assert.Equal(Grant(1) with { Signed = read.Signed }, read);
    }

    [Fact]
    public async Task An_id_is_given_once()
    {
        var store = await CreateAsync();
        await store.AddAsync(Grant(1), default);

        await Assert.ThrowsAnyAsync<Exception>(() => store.AddAsync(Grant(1) with { Tenant = "b" }, default));
        Assert.Equal("a", Assert.Single(await store.ReadGrantsAsync(default)).Tenant);
    }

    [Fact]
    public async Task Everything_is_read_in_the_order_of_ids()
    {
        var store = await CreateAsync();
        foreach (var number in new[] { 3, 1, 2 })
        {
            await store.AddAsync(Grant(number), default);
            Assert.True(await store.RevokeAsync(Revocation(number), default));
        }

        Assert.Equal([Id(1), Id(2), Id(3)], (await store.ReadGrantsAsync(default)).Select(one => one.Id));
        Assert.Equal([Id(1), Id(2), Id(3)], (await store.ReadRevocationsAsync(default)).Select(one => one.Revocation.GrantId));
    }

    [Fact]
    public async Task A_grant_is_revoked_by_its_own_tenant_once()
    {
        var store = await CreateAsync();
        await store.AddAsync(Grant(1), default);

        Assert.False(await store.RevokeAsync(Revocation(1) with { Tenant = "b" }, default));
        Assert.False(await store.RevokeAsync(Revocation(9), default));
        Assert.Empty(await store.ReadRevocationsAsync(default));

        Assert.True(await store.RevokeAsync(Revocation(1), default));
        Assert.True(await store.RevokeAsync(Revocation(1) with { Revocation = new GrantRevocation(Id(1), s_start.AddHours(1), "again") }, default));
        Assert.Equal(Revocation(1), Assert.Single(await store.ReadRevocationsAsync(default)));
    }

    [Fact]
    public async Task What_expired_long_ago_is_forgotten_with_its_revocation_and_nothing_else_is()
    {
        var store = await CreateAsync();
        await store.AddAsync(Grant(1), default);
        await store.AddAsync(Grant(2) with { ExpiresAt = s_start.AddDays(9) }, default);
        await store.AddAsync(Grant(3) with { Tenant = "b" }, default);
        await store.RevokeAsync(Revocation(1), default);
        await store.RevokeAsync(Revocation(2), default);

        await store.ForgetAsync("a", s_start.AddDays(5), default);

        Assert.Equal([Id(2), Id(3)], (await store.ReadGrantsAsync(default)).Select(one => one.Id));
        Assert.Equal(Id(2), Assert.Single(await store.ReadRevocationsAsync(default)).Revocation.GrantId);
    }

    private static string Id(int number) => $"g_{number:x32}";

    private static StoredGrant Grant(int number) => new("a", Id(number), new byte[] { 1, 2, (byte)number }, s_start.AddDays(1), "agent_1", "call-1");

    private static StoredRevocation Revocation(int number) => new("a", new GrantRevocation(Id(number), s_start, "left"), "agent_2", "call-2");
}
