using AgentGate.Identity;
using AgentGate.Pipeline;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="IIdentityLinks"/> must do.</summary>
public abstract class IdentityLinksConformance : IAsyncDisposable
{
    private const string Issuer = "https://id.example";

    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private protected static IdentityCipher Cipher { get; } = new(new FixedIdentityKey(new byte[32]), new SystemIdSource(TimeProvider.System));

    private protected abstract Task<IIdentityLinks> CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_link_reads_back_whole_and_by_its_own_issuer_alone()
    {
        var store = await CreateAsync();
        var link = Link(Issuer, "subject", "user_1");
        Assert.True(await store.AddAsync(link, default));

        Assert.Equal(link, await store.FindAsync(Issuer, "subject", default));
        Assert.Null(await store.FindAsync("https://other.example", "subject", default));
        Assert.Null(await store.FindAsync(Issuer, "Subject", default));

        // The same characters, cut elsewhere.
        Assert.Null(await store.FindAsync(Issuer + "s", "ubject", default));
    }

    [Fact]
    public async Task Of_many_that_tie_one_identity_at_once_one_does()
    {
        var store = await CreateAsync();

        var tied = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => store.AddAsync(Link(Issuer, "subject", "user_" + i), default)));

        Assert.Equal(1, tied.Count(one => one));
    }

    [Fact]
    public async Task A_user_is_tied_to_one_identity_of_an_issuer()
    {
        var store = await CreateAsync();
        Assert.False(await store.HasAsync("tenant", "user_1", Issuer, default));
        Assert.True(await store.AddAsync(Link(Issuer, "1", "user_1"), default));

        Assert.False(await store.AddAsync(Link(Issuer, "2", "user_1"), default));
        Assert.True(await store.AddAsync(Link("https://other.example", "2", "user_1"), default));
        Assert.True(await store.HasAsync("tenant", "user_1", Issuer, default));
        Assert.False(await store.HasAsync("other", "user_1", Issuer, default));
        Assert.Null(await store.FindAsync(Issuer, "2", default));
    }

    [Fact]
    public async Task Being_seen_moves_forward_only()
    {
        var store = await CreateAsync();
        var link = Link(Issuer, "subject", "user_1");
        await store.AddAsync(link, default);
        await store.SeenAsync(link, s_start.AddHours(2), default);
        await store.SeenAsync(link, s_start.AddHours(1), default);

        Assert.Equal(s_start.AddHours(2), (await store.FindAsync(Issuer, "subject", default))!.LastSeenAt);
    }

    [Fact]
    public async Task Removing_unties_a_users_own_alone()
    {
        var store = await CreateAsync();
        await store.AddAsync(Link(Issuer, "1", "user_1"), default);
        await store.AddAsync(Link("https://other.example", "1", "user_1"), default);
        await store.AddAsync(Link(Issuer, "2", "user_2"), default);

        Assert.Equal(0, await store.RemoveAsync("other", "user_1", default));
        Assert.Equal(2, await store.RemoveAsync("tenant", "user_1", default));
        Assert.NotNull(await store.FindAsync(Issuer, "2", default));
    }

    private static IdentityLink Link(string issuer, string subject, string user) => new(issuer, subject, "tenant", user, s_start, s_start);
}
