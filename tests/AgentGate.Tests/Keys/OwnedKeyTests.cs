using System.Collections.Frozen;
using System.Collections.Immutable;
using AgentGate.Keys;
using AgentGate.Pipeline;
using FsCheck.Xunit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Tests.Keys;

/// <summary>A key of a user may do no more than its user, and nothing without one.</summary>
public sealed class OwnedKeyTests
{
    private static readonly string[] s_scopes = [.. Scopes.All.Order(StringComparer.Ordinal)];

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly Owners _owners = new();

    [Property]
    public bool Whatever_the_key_and_its_owner_may_do_together_they_may_do_what_both_may(ushort[] key, ushort[] owner, bool all)
    {
        string[] own = [.. owner.Select(Scope).Distinct()];
        string[] asked = all ? [ApiKey.AllScopes] : [.. key.Select(Scope).Distinct()];
        string[] role = [.. own.Except(Scopes.PersonalData)];
        var principal = Key(asked).ToPrincipal(new KeyOwner("a", ["developer"], [.. role], own.ToFrozenSet(StringComparer.Ordinal)));
        return principal.Scopes.All(own.Contains)
            && principal.Scopes.Order().SequenceEqual((all ? role : asked.Intersect(own)).Order())
            && principal.UserId == "user_1" && principal.Roles is ["developer"];

        static string Scope(ushort number) => s_scopes[number % s_scopes.Length];
    }

    [Fact]
    public async Task A_key_follows_its_owner_from_one_use_to_the_next()
    {
        var service = Service(_owners);
        var text = await MakeAsync(service);
        _owners.Now = Owner(Scopes.Doors, Scopes.AuditRead);
        Assert.Equal([Scopes.AuditRead, Scopes.Doors], (await service.AuthenticateAsync(text, default))!.Scopes.Order());
        _owners.Now = Owner(Scopes.Doors);
        Assert.Equal([Scopes.Doors], (await service.AuthenticateAsync(text, default))!.Scopes);
        _owners.Now = null;
        Assert.Null(await service.AuthenticateAsync(text, default));
        _owners.Now = Owner(Scopes.Doors);
        Assert.NotNull(await service.AuthenticateAsync(text, default));
    }

    [Fact]
    public async Task An_owner_of_another_tenant_is_none()
    {
        var service = Service(_owners);
        var text = await MakeAsync(service);
        _owners.Now = Owner(Scopes.Doors) with { Tenant = "b" };
        Assert.Null(await service.AuthenticateAsync(text, default));
    }

    [Fact]
    public async Task Where_nobody_can_tell_who_the_owner_is_the_key_opens_nothing()
    {
        var service = Service(_owners);
        var text = await MakeAsync(service);
        _owners.Failure = new TimeoutException("the database is gone");
        await Assert.ThrowsAsync<TimeoutException>(async () => await service.AuthenticateAsync(text, default));
        Assert.Null(await Service(null).AuthenticateAsync(text, default));
    }

    [Fact]
    public async Task Only_a_key_of_a_user_is_made_for_all_that_somebody_may()
        => await Assert.ThrowsAsync<ArgumentException>(() => Service(_owners).CreateAsync(new NewApiKey { Tenant = "a", Name = "x", Scopes = [ApiKey.AllScopes] }, default));

    private readonly InMemoryApiKeyStore _store = new();

    private ApiKeyService Service(IKeyOwners? owners)
        => new(_store, new ApiKeyOptions(), _time, new SystemIdSource(_time), NullLogger<ApiKeyService>.Instance, owners: owners);

    private static async Task<string> MakeAsync(ApiKeyService service)
        => (await service.CreateAsync(new NewApiKey { Tenant = "a", OwnerId = "user_1", Name = "x", Scopes = [Scopes.Doors, Scopes.AuditRead] }, default)).Text;

    private static KeyOwner Owner(params string[] scopes) => new("a", ["developer"], [.. scopes], scopes.ToFrozenSet(StringComparer.Ordinal));

    private static ApiKey Key(string[] scopes) => new()
    {
        Id = "k", Tenant = "a", PrincipalId = "agent_1", OwnerId = "user_1", Name = "x", Scopes = [.. scopes], SecretHash = ImmutableArray<byte>.Empty, CreatedAt = default,
    };

    private sealed class Owners : IKeyOwners
    {
        public KeyOwner? Now { get; set; }

        public Exception? Failure { get; set; }

        public ValueTask<KeyOwner?> FindAsync(string userId, CancellationToken cancellationToken)
            => Failure is null ? ValueTask.FromResult(userId == "user_1" ? Now : null) : throw Failure;
    }
}
