using System.Diagnostics;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Integration.Tests.Identity;
using AgentGate.Loopback;
using AgentGate.Pipeline;

namespace AgentGate.Integration.Tests.Keys;

/// <summary>Two servers on one PostgreSQL: what an owner loses on one, the owner's keys and sessions lose on the other within a second.</summary>
public sealed class OwnersOnTwoServersTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_changed_role_a_permission_and_a_deactivation_hold_on_the_other_server_within_a_second()
    {
        var settings = new Dictionary<string, string?>
        {
            ["DATABASE_URL"] = await (await LoopbackServers.PostgresAsync()).CreateDatabaseAsync(),
            ["REDIS_URL"] = $"{(await LoopbackServers.RedisAsync()).Url}?prefix=o{Guid.NewGuid().ToString("n")[..8]}",
            ["AgentGate:Limits:Servers"] = "2",
        };
        var directory = Path.Combine(Path.GetTempPath(), "agentgate-test-" + Guid.NewGuid().ToString("N"));
        await using var first = await GatewayServer.StartAsync(settings: settings, directory: directory);
        await using var second = await GatewayServer.StartAsync(settings: settings, directory: directory);
        var (_, admin) = await first.PersonAsync(Roles.Admin);
        var (owner, http) = await first.PersonAsync(Roles.Approver);
        var (status, _, made) = await http.AskAsync("POST", "/api/auth/api-keys", """{"name":"x","scopes":["audit:read","budgets:read"]}""");
        Assert.Equal(201, status);
        using var agent = second.Client(made!["key"]!.GetValue<string>());
        using var person = second.Client((await first.SignInAsync(owner)).Token);
        Assert.Equal(200, (await agent.AskAsync("GET", "/api/audit")).Status);
        Assert.Equal(200, (await person.AskAsync("GET", "/api/audit")).Status);

        Assert.Equal(200, (await admin.AskAsync("PATCH", $"/api/users/{owner.Id}", """{"role":"viewer"}""")).Status);
        await UntilAsync(async () => (await agent.AskAsync("GET", "/api/audit")).Code == Codes.KeyScopeMissing, "the key of a viewer");
        await UntilAsync(async () => (await person.AskAsync("GET", "/api/audit")).Code == Codes.KeyInvalid, "the session of who was an approver");
        Assert.Equal(200, (await agent.AskAsync("GET", "/api/budgets")).Status);

        // The same key again, with something its owner was given by name.
        using var again = second.Client((await first.SignInAsync(owner)).Token);
        Assert.Equal(200, (await again.AskAsync("GET", "/api/users")).Status);
        Assert.Equal(201, (await admin.AskAsync("POST", "/api/pii/permissions", $$"""{"user_id":"{{owner.Id}}","permission":"pii:store"}""")).Status);
        await UntilAsync(async () => (await ScopesAsync(second, owner)).Contains(Scopes.PiiStore), "the permission");

        Assert.Equal(200, (await admin.AskAsync("DELETE", $"/api/users/{owner.Id}")).Status);
        await UntilAsync(async () => (await agent.AskAsync("GET", "/api/budgets")).Code == Codes.KeyInvalid, "the key of nobody");
        await UntilAsync(async () => (await again.AskAsync("GET", "/api/users")).Code == Codes.KeyInvalid, "the session of nobody");
    }

    private static async Task<IEnumerable<string>> ScopesAsync(GatewayServer server, User user)
    {
        var owners = (AgentGate.Keys.IKeyOwners)server.App.Services.GetService(typeof(AgentGate.Keys.IKeyOwners))!;
        return (await owners.FindAsync(user.Id, default))!.Scopes;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        for (var watch = Stopwatch.StartNew(); !await holds(); await Task.Delay(20))
        {
            Assert.True(watch.Elapsed < s_second, $"{what} within a second");
        }
    }
}
