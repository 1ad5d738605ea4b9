using AgentGate.Identity;
using AgentGate.Integration.Tests.Identity;
using AgentGate.Keys;
using AgentGate.Pipeline;
using AgentGate.Server.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentGate.Integration.Tests.Matrix;

/// <summary>Everybody who asks: users of every role, keys good and ended, sessions good and ended, and things of another tenant to ask for.</summary>
internal sealed class EndpointWorld : IDisposable
{
    private const string Victim = "victim";

    private readonly GatewayServer _server;
    private readonly Dictionary<string, User> _byRole = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _without = new(StringComparer.Ordinal);

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

    public static async Task<EndpointWorld> CreateAsync(GatewayServer server)
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
        await world.MakeThingsAsync();
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

    /// <summary>A token of a session just begun, with a second factor: the admin has one.</summary>
    public async Task<string> FreshAsync(string role) => (await _server.SignInAsync(_byRole[role], Assurance.A2)).Token;

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

    /// <summary>The cookie of a browser whose session has expired.</summary>
    public async Task<string> ExpiredCookieAsync()
    {
        var (session, _) = await BrowseAsync(_byRole[Roles.Admin]);
        var secret = IdentitySecrets.Create(Service<IIdSource>());
        var expired = session with { Id = Guid.NewGuid().ToString("n"), SecretDigest = IdentitySecrets.DigestOf(secret), ExpiresAt = Now.AddSeconds(-1) };
        await Service<ISignInSessionStore>().AddAsync(expired, default);
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

    /// <summary>The ids of things of the tenant of who asks.</summary>
    public EndpointThings Own { get; private set; } = null!;

    /// <summary>The ids of things of another tenant.</summary>
    public EndpointThings Foreign { get; private set; } = null!;

    /// <summary>Makes anew what earlier requests may have ended.</summary>
    public async Task RenewAsync(string pattern)
    {
        const string Sessions = "/api/auth/sessions/";
        if (pattern.StartsWith(Sessions, StringComparison.Ordinal))
        {
            Own.Add(Sessions, (await _server.SignInAsync(_byRole[Roles.Admin])).Session.Id);
        }
    }

    public void Dispose()
    {
        Own?.Dispose();
        Foreign?.Dispose();
    }

    private async Task MakeThingsAsync()
    {
        Own = await EndpointThings.CreateAsync(_server, "default", _byRole[Roles.Admin], drafts: 1);
        Foreign = await EndpointThings.CreateAsync(_server, Victim, await _server.UserAsync(Roles.Admin, Victim), drafts: 3);
        using var http = _server.Client(EveryScope);
        foreach (var (route, address) in ((string, string)[])[("/api/security/blocked-addresses/", "203.0.113.8"), ("/api/security/threats/blocked-ips/", "203.0.113.9")])
        {
            var (status, _, blocked) = await http.AskAsync("POST", "/api/security/blocked-addresses", $$"""{"address":"{{address}}","seconds":3600}""");
            Assert.Equal(201, status);
            Own.Add(route, blocked!["id"]!.GetValue<string>());
        }

        var (_, _, device) = await http.AskAsync("POST", "/api/auth/device/code", "{}");
        Own.Add("/api/auth/device/status/", device!["user_code"]!.GetValue<string>());
    }

    /// <summary>A clock that is behind.</summary>
    private sealed class Past(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - by;
    }
}
