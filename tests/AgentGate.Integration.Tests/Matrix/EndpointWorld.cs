using AgentGate.Identity;
using AgentGate.Integration.Tests.Identity;
using AgentGate.Integration.Tests.Isolation;
using AgentGate.Keys;
using AgentGate.Pipeline;
using AgentGate.Server.Identity;
using AgentGate.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentGate.Integration.Tests.Matrix;

/// <summary>Everybody who asks: users of every role, keys good and ended, sessions good and ended, and things of another tenant to ask for.</summary>
internal sealed class EndpointWorld : IDisposable
{
    private const string Victim = "victim";

    private readonly GatewayServer _server;
    private readonly Dictionary<string, User> _byRole = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _without = new(StringComparer.Ordinal);
    private TenantWorld? _victim;

    private EndpointWorld(GatewayServer server) => _server = server;

    private T Service<T>()
        where T : notnull
        => _server.App.Services.GetRequiredService<T>();

    /// <summary>A key of the operator's with every scope.</summary>
    public string EveryScope { get; private set; } = null!;

    /// <summary>A key of another tenant with every scope.</summary>
    public string Elsewhere { get; private set; } = null!;

    public string ExpiredKey { get; private set; } = null!;

    public string RevokedKey { get; private set; } = null!;

    public static async Task<EndpointWorld> CreateAsync(GatewayServer server, bool development)
    {
        var world = new EndpointWorld(server);
        foreach (var role in Roles.All)
        {
            world._byRole[role] = await server.UserAsync(role);
        }

        var keys = world.Service<ApiKeyService>();
        world.EveryScope = await server.CreateKeyAsync("agent_every", [.. Scopes.All]);
        world.Elsewhere = (await keys.CreateAsync(New("elsewhere", "agent_elsewhere"), default)).Text;
        var revoked = await keys.CreateAsync(New("default", "agent_revoked"), default);
        await keys.RevokeAsync("default", revoked.Key.Id, default);
        world.RevokedKey = revoked.Text;
        var expired = await keys.CreateAsync(New("default", "agent_expired") with { ExpiresAt = Now.AddMilliseconds(200) }, default);
        world.ExpiredKey = expired.Text;
        await world.MakeVictimAsync(development);
        await Task.Delay(TimeSpan.FromMilliseconds(250));
        return world;

        static NewApiKey New(string tenant, string principal) => new() { Tenant = tenant, Name = principal, PrincipalId = principal, Scopes = [.. Scopes.All] };
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public User OfRole(string role) => _byRole[role];

    /// <summary>A role that has not a scope, or <see langword="null"/>.</summary>
    public static string? RoleWithout(string scope) => Roles.All.LastOrDefault(role => !Roles.ScopesOf(role).Contains(scope));

    /// <summary>A key of the operator's with every scope but one.</summary>
    public async Task<string> KeyWithoutAsync(string scope)
    {
        if (!_without.TryGetValue(scope, out var key))
        {
            _without[scope] = key = await _server.CreateKeyAsync("agent_without", [.. Scopes.All.Where(one => one != scope)]);
        }

        return key;
    }

    /// <summary>A token of a session just begun.</summary>
    public async Task<string> FreshAsync(string role) => (await _server.SignInAsync(_byRole[role])).Token;

    /// <summary>A token of an admin who proved itself eleven minutes ago.</summary>
    public async Task<string> StaleAsync() => (await _server.SignInAsync(_byRole[Roles.Admin], age: TimeSpan.FromMinutes(11))).Token;

    /// <summary>A token of an admin who has to change the password first.</summary>
    public async Task<string> MustChangeAsync()
        => (await _server.SignInAsync(await _server.UserAsync(Roles.Admin, change: user => user with { MustChangePassword = true }))).Token;

    /// <summary>A token whose session was ended.</summary>
    public async Task<string> RevokedSessionAsync()
    {
        var (session, token) = await _server.SignInAsync(_byRole[Roles.Admin]);
        Assert.True(await Service<ISignInSessionStore>().EndAsync("default", session.UserId, session.Id, SignInEndings.Revoked, Now, default));
        return token;
    }

    /// <summary>The cookie of a browser whose user has to change the password first.</summary>
    public async Task<string> MustChangeCookieAsync()
        => $"agentgate_pages={(await BrowseAsync(await _server.UserAsync(Roles.Admin, change: user => user with { MustChangePassword = true }))).Secret}";

    private Task<(SignInSession Session, string Secret)> BrowseAsync(User user)
        => Service<SignIns>().BeginAsync(user, SignInKinds.Cookie, Assurance.A1, ["pwd"], new ActOrigin("127.0.0.1", "test"), default);

    /// <summary>The cookie of a browser whose session was ended.</summary>
    public async Task<string> RevokedCookieAsync()
    {
        var (session, secret) = await BrowseAsync(_byRole[Roles.Admin]);
        await Service<SignIns>().EndAsync(session, SignInEndings.Revoked, default);
        return $"agentgate_pages={secret}";
    }

    /// <summary>A token that has expired, of a session that has not.</summary>
    public async Task<string> ExpiredTokenAsync()
    {
        var (session, _) = await _server.SignInAsync(_byRole[Roles.Admin]);
        var past = new Past(TimeSpan.FromHours(1));
        return new AccessTokens(Service<TokenKeys>(), new SystemIdSource(past), past, Service<IOptions<SignInOptions>>()).Create(session, _byRole[Roles.Admin]);
    }

    /// <summary>A good token of a session that has expired.</summary>
    public async Task<string> ExpiredSessionAsync()
    {
        var (session, _) = await _server.SignInAsync(_byRole[Roles.Admin]);
        var expired = session with { Id = Guid.NewGuid().ToString("n"), SecretDigest = Guid.NewGuid().ToString("n"), ExpiresAt = Now.AddSeconds(-1) };
        await Service<ISignInSessionStore>().AddAsync(expired, default);
        return Service<AccessTokens>().Create(expired with { ExpiresAt = Now.AddHours(1) }, _byRole[Roles.Admin]);
    }

    /// <summary>An id of another tenant's thing of the kind that a route is about; where there is none of the kind, an id nobody has.</summary>
    public string ForeignId(string pattern, string parameter)
        => _ids.FirstOrDefault(pair => pattern.StartsWith(pair.Key, StringComparison.Ordinal)).Value ?? (parameter == "tenant" ? Victim : "none");

    public void Dispose() => _victim?.Dispose();

    private async Task MakeVictimAsync(bool development)
    {
        var user = await _server.UserAsync(Roles.Admin, Victim);
        _ids["/api/users/"] = user.Id;
        _ids["/api/auth/admin/revoke-user-sessions/"] = user.Id;
        var key = await Service<ApiKeyService>().CreateAsync(
            new NewApiKey { Tenant = Victim, OwnerId = user.Id, Name = "x", PrincipalId = "agent_x", Scopes = [Scopes.Doors] }, default);
        _ids["/api/auth/api-keys/"] = key.Key.Id;
        var permission = new PiiPermission
        {
            Id = "pp_victim", Tenant = Victim, UserId = user.Id, Permission = "pii:store", GrantedBy = user.Id, GrantedAt = Now,
        };
        await Service<IPiiPermissionStore>().AddAsync(permission, Now, default);
        _ids["/api/pii/permissions/"] = permission.Id;
        _ids["/api/auth/sessions/"] = (await _server.SignInAsync(user)).Session.Id;
        _ids["/api/auth/admin/revoke-user-sessions/"] = user.Id;
        _ids["/api/policies/"] = "1";
        var transaction = new StoredTransaction { Id = "tx_victim", RootId = "tx_victim", Tenant = Victim, Principal = "agent_x", BegunAt = Now };
        await Service<ITransactionStore>().BeginAsync(transaction, new TransactionLease(transaction.Id, "a test", 1), Now.AddHours(1), default);
        _ids["/api/transactions/"] = transaction.Id;
        if (development)
        {
            _victim = await TenantWorld.CreateAsync(_server, Victim);
            foreach (var (prefix, kind) in ((string, string)[])
                [("/api/security/certificates/", "decision"), ("/api/security/delegations/", "grant"), ("/api/security/honey-tokens/", "honey token"),
                    ("/api/security/safety-nodes/", "node"), ("/api/traces/", "call")])
            {
                if (_victim.OneOfEach.GetValueOrDefault(kind) is { } id)
                {
                    _ids[prefix] = id;
                }
            }
        }
    }

    /// <summary>A clock that is behind.</summary>
    private sealed class Past(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - by;
    }
}
