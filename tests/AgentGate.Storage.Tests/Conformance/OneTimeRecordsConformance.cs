using System.Security.Cryptography;
using System.Text;
using AgentGate.Identity;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="IOneTimeRecords"/> must do.</summary>
public abstract class OneTimeRecordsConformance : IAsyncDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private protected abstract Task<IOneTimeRecords> CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_record_reads_back_whole_until_it_expires()
    {
        var store = await CreateAsync();
        Assert.True(await store.AddAsync(Record(1), default));

        var read = await store.FindAsync("kind", "secret 1", s_start, default);
        Assert.Equal(Record(1) with { Version = read!.Version }, read);
        Assert.Null(await store.FindAsync("kind", "secret 1", s_start.AddMinutes(5), default));
        Assert.Null(await store.FindAsync("kind", "secret 2", s_start, default));
        Assert.Null(await store.FindAsync("other", "secret 1", s_start, default));
    }

    [Fact]
    public async Task A_secret_is_kept_once_of_each_kind()
    {
        var store = await CreateAsync();
        Assert.True(await store.AddAsync(Record(1), default));
        Assert.False(await store.AddAsync(Record(1) with { Content = "other", Tenant = "b" }, default));
        Assert.True(await store.AddAsync(Record(1) with { Kind = "other" }, default));
    }

    [Fact]
    public async Task Of_ten_that_take_a_record_one_gets_it()
    {
        var store = await CreateAsync();
        await store.AddAsync(Record(1), default);
        var taken = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => store.TakeAsync("kind", "secret 1", s_start, default))));

        Assert.Single(taken, one => one is not null);
        Assert.Null(await store.FindAsync("kind", "secret 1", s_start, default));
        await store.AddAsync(Record(2), default);
        Assert.Null(await store.TakeAsync("kind", "secret 2", s_start.AddMinutes(5), default));
    }

    [Fact]
    public async Task A_changed_record_is_stored_if_nobody_changed_it_meanwhile()
    {
        var store = await CreateAsync();
        await store.AddAsync(Record(1) with { Tenant = "system" }, default);
        var read = (await store.FindAsync("kind", "secret 1", s_start, default))!;

        Assert.True(await store.UpdateAsync(read with { Content = "approved", UserId = "user_1", Tenant = "a", ExpiresAt = s_start.AddMinutes(9) }, default));
        Assert.False(await store.UpdateAsync(read with { Content = "denied" }, default));
        var now = (await store.FindAsync("kind", "secret 1", s_start.AddMinutes(6), default))!;
        Assert.Equal(("approved", "user_1", "a"), (now.Content, now.UserId, now.Tenant));
    }

    [Fact]
    public async Task A_tenant_lists_its_own_of_a_kind_newest_first()
    {
        var store = await CreateAsync();
        foreach (var i in (int[])[1, 2, 3])
        {
            await store.AddAsync(Record(i) with { CreatedAt = s_start.AddSeconds(i), ExpiresAt = s_start.AddMinutes(i) }, default);
        }

        await store.AddAsync(Record(4) with { Tenant = "b" }, default);
        await store.AddAsync(Record(5) with { Kind = "other" }, default);

        Assert.Equal([Record(3).SecretDigest, Record(2).SecretDigest], (await store.ListAsync("a", "kind", s_start.AddMinutes(1), default)).Select(one => one.SecretDigest));
    }

    [Fact]
    public async Task What_has_expired_is_deleted()
    {
        var store = await CreateAsync();
        await store.AddAsync(Record(1), default);
        await store.AddAsync(Record(2) with { ExpiresAt = s_start.AddMinutes(10) }, default);
        await store.PurgeAsync(s_start.AddMinutes(6), default);

        Assert.Null(await store.FindAsync("kind", "secret 1", s_start, default));
        Assert.NotNull(await store.FindAsync("kind", "secret 2", s_start, default));
    }

    private static OneTimeRecord Record(int number) => new()
    {
        Kind = "kind",
        SecretDigest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"secret {number}"))),
        Tenant = "a",
        Content = """{"a":"ä"}""",
        CreatedAt = s_start,
        ExpiresAt = s_start.AddMinutes(5),
    };
}
