using AgentGate.Identity;
using AgentGate.Pipeline;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="IPasskeys"/> must do.</summary>
public abstract class PasskeysConformance : IAsyncDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private protected static IdentityCipher Cipher { get; } = new(new FixedIdentityKey(new byte[32]), new SystemIdSource(TimeProvider.System));

    private protected abstract Task<IPasskeys> CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_passkey_reads_back_whole()
    {
        var store = await CreateAsync();
        var passkey = Passkey("a", "tenant", "user_1");
        Assert.Equal(PasskeyAddition.Added, await store.AddAsync(passkey, 5, default));

        var read = await store.FindAsync("a", default);

        Assert.True(await store.HasAsync("tenant", "user_1", default));
        Assert.False(await store.HasAsync("other", "user_1", default));
        Assert.Equal(
            passkey with { PublicKey = [], Transports = [] }, read! with { PublicKey = [], Transports = [] });
        Assert.Equal(passkey.PublicKey, read.PublicKey);
        Assert.Equal(passkey.Transports, read.Transports);
        Assert.Null(await store.FindAsync("b", default));
        Assert.Null(await store.FindAsync("a\0", default));
    }

    [Fact]
    public async Task A_credential_is_one_users_whatever_the_tenant()
    {
        var store = await CreateAsync();
        await store.AddAsync(Passkey("a", "tenant", "user_1"), 5, default);

        Assert.Equal(PasskeyAddition.Taken, await store.AddAsync(Passkey("a", "other", "user_2"), 5, default));
        Assert.Equal(PasskeyAddition.Taken, await store.AddAsync(Passkey("a", "tenant", "user_1"), 5, default));
        Assert.Equal("user_1", (await store.FindAsync("a", default))!.UserId);
    }

    [Fact]
    public async Task Of_many_added_at_once_no_more_are_kept_than_a_user_may_have()
    {
        var store = await CreateAsync();

        var added = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => store.AddAsync(Passkey("p" + i, "tenant", "user_1"), 3, default)));

        Assert.Equal(3, added.Count(one => one == PasskeyAddition.Added));
        Assert.Equal(5, added.Count(one => one == PasskeyAddition.TooMany));
        Assert.Equal(PasskeyAddition.Added, await store.AddAsync(Passkey("other", "tenant", "user_2"), 3, default));
    }

    [Fact]
    public async Task A_user_lists_its_own_in_the_order_they_were_made()
    {
        var store = await CreateAsync();
        await store.AddAsync(Passkey("b", "tenant", "user_1"), 5, default);
        await store.AddAsync(Passkey("a", "tenant", "user_1") with { CreatedAt = s_start.AddSeconds(1) }, 5, default);
        await store.AddAsync(Passkey("c", "tenant", "user_2"), 5, default);
        await store.AddAsync(Passkey("d", "other", "user_1"), 5, default);

        Assert.Equal(["b", "a"], (await store.ListAsync("tenant", "user_1", default)).Select(one => one.Id));
    }

    [Fact]
    public async Task A_counter_goes_on_and_of_many_uses_of_one_value_one_counts()
    {
        var store = await CreateAsync();
        await store.AddAsync(Passkey("a", "tenant", "user_1") with { SignCount = 5 }, 5, default);

        Assert.False(await store.UseAsync("a", 5, false, s_start, default));
        Assert.False(await store.UseAsync("a", 0, false, s_start, default));
        var used = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => store.UseAsync("a", 6, true, s_start.AddMinutes(1), default)));

        Assert.Equal(1, used.Count(one => one));
        var read = await store.FindAsync("a", default);
        Assert.Equal((6u, true, s_start.AddMinutes(1)), (read!.SignCount, read.IsBackedUp, read.LastUsedAt));
        Assert.False(await store.UseAsync("unknown", 1, false, s_start, default));
    }

    [Fact]
    public async Task An_authenticator_that_does_not_count_may_be_used_again()
    {
        var store = await CreateAsync();
        await store.AddAsync(Passkey("a", "tenant", "user_1") with { SignCount = 0 }, 5, default);

        Assert.True(await store.UseAsync("a", 0, false, s_start, default));
        Assert.True(await store.UseAsync("a", 0, false, s_start.AddSeconds(1), default));
    }

    [Fact]
    public async Task Renaming_and_deleting_touch_a_users_own_alone_and_keep_the_rest()
    {
        var store = await CreateAsync();
        await store.AddAsync(Passkey("a", "tenant", "user_1"), 5, default);

        Assert.False(await store.RenameAsync("other", "user_1", "a", "x", default));
        Assert.False(await store.RenameAsync("tenant", "user_2", "a", "x", default));
        Assert.True(await store.RenameAsync("tenant", "user_1", "a", "New", default));
        Assert.Equal(("New", 7u), ((await store.FindAsync("a", default))!.Name, (await store.FindAsync("a", default))!.SignCount));
        Assert.False(await store.RemoveAsync("other", "user_1", "a", default));
        Assert.False(await store.RemoveAsync("tenant", "user_2", "a", default));
        Assert.True(await store.RemoveAsync("tenant", "user_1", "a", default));
        Assert.False(await store.RemoveAsync("tenant", "user_1", "a", default));
        Assert.Null(await store.FindAsync("a", default));
    }

    private static Passkey Passkey(string id, string tenant, string user) => new()
    {
        Id = id,
        Tenant = tenant,
        UserId = user,
        Name = "Laptop of Ada",
        PublicKey = [1, 2, 3],
        SignCount = 7,
        Transports = ["internal", "usb"],
        Aaguid = "00",
        IsBackupEligible = true,
        CreatedAt = s_start,
    };
}
