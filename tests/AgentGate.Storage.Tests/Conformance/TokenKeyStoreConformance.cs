using System.Security.Cryptography;
using AgentGate.Identity;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="ITokenKeyStore"/> must do.</summary>
public abstract class TokenKeyStoreConformance : IAsyncDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private protected abstract Task<ITokenKeyStore> CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Keys_read_back_whole_the_newest_first_and_one_signs()
    {
        var store = await CreateAsync();
        var (first, second) = (Key(1), Key(2));
        Assert.Empty(await store.ReadAsync(default));
        Assert.True(await store.AddAsync(first, null, default));
        Assert.True(await store.AddAsync(second, first.Id, default));

        var read = await store.ReadAsync(default);
        Assert.Equal([(second.Id, null), (first.Id, second.CreatedAt)], read.Select(key => (key.Id, key.RetiredAt)));
        Assert.Equal<byte>(second.PrivateKey, read[0].PrivateKey);
        Assert.Equal<byte>(first.PrivateKey, read[1].PrivateKey);
    }

    [Fact]
    public async Task Who_was_slower_replaces_nothing()
    {
        var store = await CreateAsync();
        var keys = Enumerable.Range(1, 5).Select(Key).ToList();
        var added = await Task.WhenAll(keys.Select(key => Task.Run(() => store.AddAsync(key, null, default))));

        Assert.Single(added, true);
        Assert.Single(await store.ReadAsync(default));
        Assert.False(await store.AddAsync(Key(9), "none", default));
    }

    [Fact]
    public async Task Keys_retired_long_ago_are_deleted()
    {
        var store = await CreateAsync();
        var (first, second) = (Key(1), Key(2));
        await store.AddAsync(first, null, default);
        await store.AddAsync(second, first.Id, default);
        await store.PurgeAsync(second.CreatedAt, default);
        Assert.Equal(2, (await store.ReadAsync(default)).Count);

        await store.PurgeAsync(second.CreatedAt.AddDays(100), default);
        Assert.Equal([second.Id], (await store.ReadAsync(default)).Select(key => key.Id));
    }

    private static TokenKey Key(int number)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new TokenKey($"key_{number}", [.. pair.ExportPkcs8PrivateKey()], s_start.AddDays(number), null);
    }
}
