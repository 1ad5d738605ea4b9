using AgentGate.Keys;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="IApiKeyStore"/> must do.</summary>
public abstract class ApiKeyStoreConformance : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private protected abstract Task<IApiKeyStore> CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_key_reads_back_whole()
    {
        var store = await CreateAsync();
        var key = Key("k1") with { ExpiresAt = Start.AddDays(1) };
        await store.AddAsync(key, default);

        var read = await store.FindAsync("k1", default);
        Assert.NotNull(read);
        Assert.Equal(key.Scopes, read.Scopes);
        Assert.Equal(key.SecretHash, read.SecretHash);
        Assert.Equal(key, read with { Scopes = key.Scopes, SecretHash = key.SecretHash });
        Assert.Null(await store.FindAsync("k2", default));
    }

    [Fact]
    public async Task An_id_is_given_once()
    {
        var store = await CreateAsync();
        await store.AddAsync(Key("k1"), default);
        await Assert.ThrowsAnyAsync<Exception>(() => store.AddAsync(Key("k1") with { Tenant = "b" }, default));
        Assert.Equal("a", (await store.FindAsync("k1", default))?.Tenant);
    }

    [Fact]
    public async Task A_tenant_lists_its_own_keys_newest_first()
    {
        var store = await CreateAsync();
        await store.AddAsync(Key("k1"), default);
        await store.AddAsync(Key("k2") with { CreatedAt = Start.AddSeconds(1) }, default);
        await store.AddAsync(Key("k3") with { Tenant = "b" }, default);
        Assert.Equal(["k2", "k1"], (await store.ListAsync("a", default)).Select(k => k.Id));
    }

    [Fact]
    public async Task An_owner_lists_its_own_keys_of_its_own_tenant()
    {
        var store = await CreateAsync();
        await store.AddAsync(Key("k1") with { OwnerId = "user_1" }, default);
        await store.AddAsync(Key("k2") with { OwnerId = "user_1", CreatedAt = Start.AddSeconds(1) }, default);
        await store.AddAsync(Key("k3") with { OwnerId = "user_2" }, default);
        await store.AddAsync(Key("k4"), default);
        await store.AddAsync(Key("k5") with { OwnerId = "user_1", Tenant = "b" }, default);
        Assert.Equal(["k2", "k1"], (await store.ListAsync("a", "user_1", default)).Select(k => k.Id));
    }

    [Fact]
    public async Task A_principal_is_one_owners_alone_within_a_tenant()
    {
        var store = await CreateAsync();
        Assert.True(await store.AddOwnedAsync(Owned("k1", "agent_x", "user_1"), default));
        Assert.True(await store.AddOwnedAsync(Owned("k2", "agent_x", "user_1"), default));
        Assert.False(await store.AddOwnedAsync(Owned("k3", "agent_x", "user_2"), default));
        Assert.True(await store.AddOwnedAsync(Owned("k4", "agent_x", "user_3") with { Tenant = "b" }, default));
        Assert.Equal("user_1", (await store.FindAsync("k2", default))?.OwnerId);
        Assert.Null(await store.FindAsync("k3", default));

        // Nor does anybody get the principal of a key that the operator made, or of one that was revoked.
        await store.AddAsync(Key("k5") with { PrincipalId = "agent_y" }, default);
        await store.RevokeAsync("a", "k5", Start, default);
        Assert.False(await store.AddOwnedAsync(Owned("k6", "agent_y", "user_1"), default));

        static ApiKey Owned(string id, string principal, string owner) => Key(id) with { PrincipalId = principal, OwnerId = owner };
    }

    [Fact]
    public async Task Of_owners_that_want_one_principal_at_once_one_gets_it()
    {
        var store = await CreateAsync();
        var added = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            i => Task.Run(() => store.AddOwnedAsync(Key($"k{i}") with { PrincipalId = "agent_x", OwnerId = $"user_{i}" }, default))));
        Assert.Equal(1, added.Count(one => one));
    }

    [Fact]
    public async Task A_key_is_revoked_by_its_own_tenant_once()
    {
        var store = await CreateAsync();
        await store.AddAsync(Key("k1"), default);

        Assert.False(await store.RevokeAsync("b", "k1", Start.AddSeconds(1), default));
        Assert.Null((await store.FindAsync("k1", default))?.RevokedAt);
        Assert.True(await store.RevokeAsync("a", "k1", Start.AddSeconds(2), default));
        Assert.True(await store.RevokeAsync("a", "k1", Start.AddSeconds(3), default));
        Assert.Equal(Start.AddSeconds(2), (await store.FindAsync("k1", default))?.RevokedAt);
        Assert.False(await store.RevokeAsync("a", "k9", Start, default));
    }

    [Fact]
    public async Task Usage_is_stored_and_unknown_keys_are_passed_over()
    {
        var store = await CreateAsync();
        await store.AddAsync(Key("k1"), default);
        await store.StoreUsageAsync([KeyValuePair.Create("k9", Start), KeyValuePair.Create("k1", Start.AddHours(1))], default);
        Assert.Equal(Start.AddHours(1), (await store.FindAsync("k1", default))?.LastUsedAt);
    }

    private static ApiKey Key(string id) => new()
    {
        Id = id,
        Tenant = "a",
        PrincipalId = "agent_1",
        Name = "my key",
        Scopes = ["audit:read", "doors"],
        SecretHash = [1, 2, 3],
        CreatedAt = Start,
    };
}
