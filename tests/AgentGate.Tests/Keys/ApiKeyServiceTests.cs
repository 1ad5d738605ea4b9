using AgentGate.Keys;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Tests.Keys;

public sealed class ApiKeyServiceTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly CountingStore _store = new();

    [Fact]
    public async Task A_key_authenticates_the_principal_it_was_made_for()
    {
        var service = Service();
        var created = await service.CreateAsync(Request() with { PrincipalId = "agent_x" }, default);

        Assert.Matches("^ag_[0-9a-z]{8,}_[A-Za-z0-9_-]{43}$", created.Text);
        var principal = await service.AuthenticateAsync(created.Text, default);
        Assert.NotNull(principal);
        Assert.Equal(("agent_x", "a", created.Key.Id), (principal.Id, principal.Tenant, principal.KeyId));
        Assert.Equal([Scopes.Doors], principal.Scopes);
    }

    [Fact]
    public async Task The_text_is_kept_nowhere()
    {
        var created = await Service().CreateAsync(Request(), default);
        var secret = created.Text[^43..];
        Assert.DoesNotContain(secret, System.Text.Json.JsonSerializer.Serialize(created.Key), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, created.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anything_but_the_exact_text_is_nobody()
    {
        var service = Service();
        var one = await service.CreateAsync(Request(), default);
        var two = await service.CreateAsync(Request(), default);
        var (id, secret) = (one.Text[..^43], one.Text[^43..]);

        string[] wrong =
        [
            string.Empty, "ag_", one.Text + "A", one.Text[..^1], " " + one.Text, one.Text.ToUpperInvariant(), id + two.Text[^43..],
            id + new string('A', 43), id.Replace("ag_", "AG_", StringComparison.Ordinal) + secret, "ag_short_" + secret,
            id + secret[..^1] + "=", id + secret[..^1] + (char)(secret[^1] + 1),
        ];
        foreach (var text in wrong)
        {
            Assert.Null(await service.AuthenticateAsync(text, default));
        }

        Assert.NotNull(await service.AuthenticateAsync(one.Text, default));
    }

    [Fact]
    public async Task An_authenticated_key_is_remembered_for_a_while()
    {
        var service = Service();
        var created = await service.CreateAsync(Request(), default);
        for (var i = 0; i < 10; i++)
        {
            await service.AuthenticateAsync(created.Text, default);
        }

        Assert.Equal(1, _store.Finds);
        _time.Advance(new ApiKeyOptions().CacheFor);
        await service.AuthenticateAsync(created.Text, default);
        Assert.Equal(2, _store.Finds);
    }

    [Fact]
    public async Task Revoking_acts_at_once_and_only_within_the_tenant()
    {
        var service = Service();
        var created = await service.CreateAsync(Request(), default);
        Assert.NotNull(await service.AuthenticateAsync(created.Text, default));

        Assert.False(await service.RevokeAsync("b", created.Key.Id, default));
        Assert.NotNull(await service.AuthenticateAsync(created.Text, default));
        Assert.True(await service.RevokeAsync("a", created.Key.Id, default));
        Assert.Null(await service.AuthenticateAsync(created.Text, default));
    }

    [Fact]
    public async Task A_key_read_before_its_revocation_does_not_stay_in_memory_after_it()
    {
        var service = Service();
        var created = await service.CreateAsync(Request(), default);
        _store.AfterFind = () => service.RevokeAsync("a", created.Key.Id, default);
        await service.AuthenticateAsync(created.Text, default);

        _store.AfterFind = null;
        Assert.Null(await service.AuthenticateAsync(created.Text, default));
    }

    [Fact]
    public async Task A_key_expires_also_while_it_is_remembered()
    {
        var service = Service();
        var created = await service.CreateAsync(Request() with { ExpiresAt = _time.GetUtcNow().AddSeconds(10) }, default);
        Assert.NotNull(await service.AuthenticateAsync(created.Text, default));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(await service.AuthenticateAsync(created.Text, default));
    }

    [Fact]
    public async Task Usage_is_stored_in_batches_and_not_per_call()
    {
        var service = Service();
        var created = await service.CreateAsync(Request(), default);
        await service.AuthenticateAsync(created.Text, default);
        _time.Advance(TimeSpan.FromSeconds(1));
        await service.AuthenticateAsync(created.Text, default);
        Assert.Null(Assert.Single(await service.ListAsync("a", default)).LastUsedAt);

        _store.UsageFailure = new IOException();
        await service.FlushUsageAsync(default);
        _store.UsageFailure = null;
        await service.FlushUsageAsync(default);
        await service.FlushUsageAsync(default);

        Assert.Equal(_time.GetUtcNow(), Assert.Single(await service.ListAsync("a", default)).LastUsedAt);
        Assert.Equal(1, _store.UsageWrites);
    }

    [Fact]
    public async Task A_key_without_name_scope_or_future_is_refused()
    {
        var service = Service();
        foreach (var request in new[]
        {
            Request() with { Name = " " }, Request() with { Scopes = [] }, Request() with { Scopes = default }, Request() with { Scopes = ["doors", "everything"] },
            Request() with { ExpiresAt = _time.GetUtcNow() }, Request() with { Tenant = string.Empty },
        })
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => service.CreateAsync(request, default));
        }
    }

    [Fact]
    public async Task A_store_that_fails_is_not_an_answer()
    {
        var service = Service();
        var created = await service.CreateAsync(Request(), default);
        _store.AfterFind = () => throw new IOException();
        await Assert.ThrowsAsync<IOException>(async () => await service.AuthenticateAsync(created.Text, default));
    }

    [Fact]
    public async Task Made_up_keys_ask_the_store_sixteen_at_a_time_and_give_up_after_their_deadline()
    {
        var service = Service();
        var good = await service.CreateAsync(Request(), default);
        Assert.NotNull(await service.AuthenticateAsync(good.Text, default));
        var hung = new TaskCompletionSource();
        _store.AfterFind = () => hung.Task;
        var before = _store.Finds;

        var flood = Enumerable.Range(0, 40).Select(_ => service.AuthenticateAsync(ApiKeyText.Create(new SystemIdSource(_time)).Text, default).AsTask()).ToList();

        Assert.Equal(16, _store.Finds - before);
        Assert.NotNull(await service.AuthenticateAsync(good.Text, default));
        _time.Advance(TimeSpan.FromSeconds(6));
        foreach (var waiting in flood.Skip(16))
        {
            await Assert.ThrowsAsync<TimeoutException>(() => waiting);
        }

        // Whoever gave up asks nothing later either.
        hung.SetResult();
        Assert.All(await Task.WhenAll(flood.Take(16)), Assert.Null);
        Assert.Equal(16, _store.Finds - before);
    }

    private static NewApiKey Request() => new() { Tenant = "a", Name = "key", Scopes = [Scopes.Doors] };

    [Fact]
    public async Task A_key_that_another_server_revoked_is_nobodys_after_a_reload()
    {
        var service = Service();
        var created = await service.CreateAsync(Request(), default);
        Assert.NotNull(await service.AuthenticateAsync(created.Text, default));
        await _store.RevokeAsync("a", created.Key.Id, _time.GetUtcNow(), default);
        Assert.NotNull(await service.AuthenticateAsync(created.Text, default));

        await service.ReloadAsync(default);

        Assert.Null(await service.AuthenticateAsync(created.Text, default));
    }

    [Fact]
    public async Task A_key_that_was_read_before_a_reload_does_not_stay_after_it()
    {
        var service = Service();
        var created = await service.CreateAsync(Request(), default);
        _store.AfterFind = async () =>
        {
            await _store.RevokeAsync("a", created.Key.Id, _time.GetUtcNow(), default);
            await service.ReloadAsync(default);
        };
        await service.AuthenticateAsync(created.Text, default);
        _store.AfterFind = null;

        Assert.Null(await service.AuthenticateAsync(created.Text, default));
    }

    [Fact]
    public async Task A_server_that_lost_touch_with_the_store_asks_it_for_every_key()
    {
        var age = new FakeAge();
        var service = new ApiKeyService(_store, new ApiKeyOptions(), _time, new SystemIdSource(_time), NullLogger<ApiKeyService>.Instance, age);
        var created = await service.CreateAsync(Request(), default);
        await service.AuthenticateAsync(created.Text, default);
        await _store.RevokeAsync("a", created.Key.Id, _time.GetUtcNow(), default);
        Assert.NotNull(await service.AuthenticateAsync(created.Text, default));

        age.IsTooOld = true;

        Assert.Null(await service.AuthenticateAsync(created.Text, default));
    }

    private sealed class FakeAge : IKnowledgeAge
    {
        public bool IsTooOld { get; set; }
    }

    private ApiKeyService Service()
        => new(_store, new ApiKeyOptions(), _time, new SystemIdSource(_time), NullLogger<ApiKeyService>.Instance);

    private sealed class CountingStore : IApiKeyStore
    {
        private readonly InMemoryApiKeyStore _inner = new();

        public int Finds { get; private set; }

        public int UsageWrites { get; private set; }

        public Func<Task>? AfterFind { get; set; }

        public Exception? UsageFailure { get; set; }

        public Task AddAsync(ApiKey key, CancellationToken cancellationToken) => _inner.AddAsync(key, cancellationToken);

        public async Task<ApiKey?> FindAsync(string id, CancellationToken cancellationToken)
        {
            Finds++;
            var key = await _inner.FindAsync(id, cancellationToken);
            await (AfterFind?.Invoke() ?? Task.CompletedTask);
            return key;
        }

        public Task<IReadOnlyList<ApiKey>> ListAsync(string tenant, CancellationToken cancellationToken) => _inner.ListAsync(tenant, cancellationToken);

        public Task<bool> AddOwnedAsync(ApiKey key, CancellationToken cancellationToken) => _inner.AddOwnedAsync(key, cancellationToken);

        public Task<IReadOnlyList<ApiKey>> ListAsync(string tenant, string ownerId, CancellationToken cancellationToken)
            => _inner.ListAsync(tenant, ownerId, cancellationToken);

        public Task<bool> RevokeAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken)
            => _inner.RevokeAsync(tenant, id, at, cancellationToken);

        public Task StoreUsageAsync(IReadOnlyCollection<KeyValuePair<string, DateTimeOffset>> usage, CancellationToken cancellationToken)
        {
            if (UsageFailure is { } failure)
            {
                throw failure;
            }

            UsageWrites++;
            return _inner.StoreUsageAsync(usage, cancellationToken);
        }
    }
}
