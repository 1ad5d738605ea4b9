using System.Buffers.Text;
using System.Globalization;
using System.Text;
using AgentGate.Audit;
using AgentGate.Identity;
using AgentGate.Integration.Tests.Identity;
using AgentGate.Integration.Tests.Isolation;
using AgentGate.Keys;
using AgentGate.Pipeline;
using AgentGate.Server.Identity;
using AgentGate.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Matrix;

/// <summary>One thing of every kind that a route is about, in one tenant: its ids are the ones to ask for.</summary>
internal sealed class EndpointThings : IDisposable
{
    private readonly GatewayServer _server;
    private readonly TenantWorld _world;

    /// <summary>By the beginning of the route; the longest counts, and one of the method before one of all.</summary>
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);

    private EndpointThings(GatewayServer server, TenantWorld world) => (_server, _world) = (server, world);

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Makes them.</summary>
    /// <param name="server">The server.</param>
    /// <param name="tenant">Whose.</param>
    /// <param name="admin">The admin whose own things they are, where a thing belongs to a person.</param>
    /// <param name="drafts">How many drafts of policies to make beside the first two: numbers are counted per tenant, and the last two are asked for.</param>
    public static async Task<EndpointThings> CreateAsync(GatewayServer server, string tenant, User admin, int drafts)
    {
        var things = new EndpointThings(server, await TenantWorld.CreateAsync(server, tenant));
        things.OfTheWorld();
        await things.AddPeopleAsync(tenant, admin);
        await things.AddLogAsync(tenant);
        await things.AddTransactionAsync(tenant);
        var last = 1;
        for (var i = 0; i < drafts; i++)
        {
            var draft = await things._world.PostAsync("/api/policies", new System.Text.Json.Nodes.JsonObject { ["text"] = $"permit (principal, action, resource); // {i}" });
            last = draft["version"]!.GetValue<int>();
        }

        things._ids["/api/policies/"] = (last - 1).ToString(CultureInfo.InvariantCulture);
        things._ids["DELETE /api/policies/"] = last.ToString(CultureInfo.InvariantCulture);
        return things;
    }

    /// <summary>Says the id of a thing that was made elsewhere.</summary>
    public void Add(string route, string id) => _ids[route] = id;

    /// <summary>The id to put into a route; fails where nobody made such a thing.</summary>
    public string IdFor(string method, string pattern, string parameter)
    {
        var found = _ids.Where(pair => $"{method} {pattern}".StartsWith(pair.Key, StringComparison.Ordinal) || pattern.StartsWith(pair.Key, StringComparison.Ordinal))
            .OrderByDescending(pair => pair.Key.Length).Select(pair => pair.Value).FirstOrDefault();
        return parameter == "tenant" ? _world.Tenant
            : found ?? throw new InvalidOperationException($"Make a thing in EndpointThings that {method} {pattern} can be asked for.");
    }

    public void Dispose() => _world.Dispose();

    private T Service<T>()
        where T : notnull
        => _server.App.Services.GetRequiredService<T>();

    private void OfTheWorld()
    {
        foreach (var (route, kind) in ((string, string)[])
            [("/api/security/certificates/", "x-agentgate-decision"), ("/api/security/delegations/", "grant"), ("/api/security/honey-tokens/", "honey token"),
                ("/api/security/safety-nodes/", "node"), ("/api/traces/", "x-agentgate-call-id")])
        {
            _ids[route] = _world.OneOfEach[kind];
        }

        _ids["/api/security/honey-tokens/principals/"] = _world.Principal;
        _ids["/api/security/evidence/subjects/"] = _world.Principal;
        _ids["/api/security/evidence/chain/"] = _world.Tenant;

        // Of no tenant: models, providers and guardrails are configured.
        _ids["/api/guardrails/"] = "none";
        _ids["/v1/models/"] = "none";
        _ids["/api/auth/oidc/"] = "none";
    }

    private async Task AddPeopleAsync(string tenant, User admin)
    {
        var user = await _server.UserAsync(Roles.Viewer, tenant);
        _ids["/api/users/"] = user.Id;
        _ids["/api/auth/admin/revoke-user-sessions/"] = user.Id;
        var key = await Service<ApiKeyService>().CreateAsync(
            new NewApiKey { Tenant = tenant, OwnerId = admin.Id, Name = "x", PrincipalId = $"agent_of_{tenant}", Scopes = [Scopes.Doors] }, default);
        _ids["/api/auth/api-keys/"] = key.Key.Id;
        var permission = new PiiPermission
        {
            Id = $"pp_{tenant}", Tenant = tenant, UserId = user.Id, Permission = "pii:store", GrantedBy = admin.Id, GrantedAt = Now,
        };
        Assert.True(await Service<IPiiPermissionStore>().AddAsync(permission, Now, default));
        _ids["/api/pii/permissions/"] = permission.Id;
        _ids["/api/auth/sessions/"] = (await _server.SignInAsync(admin)).Session.Id;
        _ids["/api/invitations/"] = (await Service<Invitations>().CreateAsync(tenant, admin.Id, byUser: true, null, Roles.Viewer, default)).Invitation.Id;
        foreach (var method in (string[])["PATCH", "DELETE"])
        {
            var passkey = new Passkey { Id = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{method} {tenant}")), Tenant = tenant, UserId = admin.Id, Name = "x", PublicKey = [1], SignCount = 0, CreatedAt = Now };
            Assert.Equal(PasskeyAddition.Added, await Service<IPasskeys>().AddAsync(passkey, 9, default));
            _ids[$"{method} /api/auth/passkey/"] = passkey.Id;
        }
    }

    private async Task AddTransactionAsync(string tenant)
    {
        var transaction = new StoredTransaction { Id = $"tx_{tenant}", RootId = $"tx_{tenant}", Tenant = tenant, Principal = "agent_x", BegunAt = Now };
        await Service<ITransactionStore>().BeginAsync(transaction, new TransactionLease(transaction.Id, "a test", 1), Now.AddHours(1), default);
        _ids["/api/transactions/"] = transaction.Id;
    }

    private async Task AddLogAsync(string tenant)
    {
        var checkpoint = await Service<CheckpointPublisher>().PublishAsync(tenant, default);
        Assert.NotNull(checkpoint);
        var width = checkpoint.Checkpoint.Size % 256;
        var tile = checkpoint.Checkpoint.Size > 256 ? "000" : $"000.p/{width}";
        _ids["/tlog/{tenant}/tile/entries/"] = tile;
        _ids["/tlog/{tenant}/tile/"] = "0/" + tile;
    }
}
