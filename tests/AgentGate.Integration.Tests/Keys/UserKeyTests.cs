using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Integration.Tests.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Keys;

/// <summary>Keys of users: made once, shown once, never able to do more than their owners.</summary>
public sealed class UserKeyTests : IAsyncLifetime
{
    private const string Route = "/api/auth/api-keys";

    private GatewayServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await GatewayServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<(string Id, string Text, string Principal)> MakeAsync(HttpClient http, string body = """{"name":"mine"}""")
    {
        var (status, code, made) = await http.AskAsync("POST", Route, body);
        Assert.Equal((201, ""), (status, code));
        return (made!["id"]!.GetValue<string>(), made["key"]!.GetValue<string>(), made["principal_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_key_is_shown_once_opens_what_it_was_made_for_and_says_when_it_was_used()
    {
        var (user, http) = await _server.PersonAsync(Roles.Developer);
        var (id, text, principal) = await MakeAsync(http, """{"name":"ci","scopes":"doors, trace:read","expires_in_days":7}""");
        Assert.StartsWith("agent_", principal, StringComparison.Ordinal);
        using var agent = _server.Client(text);
        Assert.Equal(200, (await agent.AskAsync("GET", "/v1/models")).Status);
        Assert.Equal(200, (await agent.AskAsync("GET", "/api/traces")).Status);
        Assert.Equal((403, Codes.KeyScopeMissing), Head(await agent.AskAsync("GET", "/api/budgets")));

        await _server.App.Services.GetRequiredService<AgentGate.Keys.ApiKeyService>().FlushUsageAsync(default);
        var (_, _, list) = await http.AskAsync("GET", Route);
        var mine = Assert.Single(list!["keys"]!.AsArray())!;
        Assert.Equal((id, user.Id, "active", "ag_" + id), (mine["id"]!.GetValue<string>(), mine["owner_id"]!.GetValue<string>(), mine["status"]!.GetValue<string>(), mine["prefix"]!.GetValue<string>()));
        Assert.NotNull(mine["last_used_at"]);
        Assert.Null(mine["key"]);
        Assert.DoesNotContain(text[^43..], list.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(await _server.ActsAsync(), act => act.Action == "key.created");
    }

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"x","expires_in_days":0}""", "expires_in_days")]
    [InlineData("""{"name":"x","expires_in_days":366}""", "expires_in_days")]
    [InlineData("""{"name":"x","scopes":["nonsense"]}""", "scopes")]
    [InlineData("""{"name":"x","scopes":[]}""", "scopes")]
    [InlineData("""{"name":"x","scopes":[1]}""", "scopes")]
    [InlineData("""{"name":"x","scopes":"*,doors"}""", "scopes")]
    [InlineData("""{"name":"x","principal_id":"user_someone"}""", "principal_id")]
    [InlineData("""{"name":"x","owner_id":"user_someone"}""", "body")]
    [InlineData("""[]""", "body")]
    public async Task What_cannot_be_a_key_is_refused_by_the_name_of_its_field(string body, string field)
    {
        var (_, http) = await _server.PersonAsync(Roles.Admin);
        var (status, code, problem) = await http.AskAsync("POST", Route, body);
        Assert.Equal((400, Codes.KeyDraftInvalid, field), (status, code, problem!["field"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Nobody_makes_a_key_that_may_do_more_than_they_may()
    {
        var (_, developer) = await _server.PersonAsync(Roles.Developer);
        Assert.Equal((403, Codes.KeyBeyondOwner), Head(await developer.AskAsync("POST", Route, """{"name":"x","scopes":["audit:read"]}""")));
        Assert.Equal((403, Codes.KeyBeyondOwner), Head(await developer.AskAsync("POST", Route, """{"name":"x","scopes":"*"}""")));
        Assert.Equal(2, (await _server.ActsAsync()).Count(act => act.Code == Codes.KeyBeyondOwner));
        var (_, viewer) = await _server.PersonAsync(Roles.Viewer);
        Assert.Equal((403, Codes.KeyScopeMissing), Head(await viewer.AskAsync("POST", Route, """{"name":"x"}""")));

        var (_, _, told) = await developer.AskAsync("GET", Route + "/capabilities");
        Assert.False(told!["wildcard"]!.GetValue<bool>());
        Assert.DoesNotContain("audit:read", told["scopes"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Roles.Admin)]
    [InlineData(Roles.SecurityAdmin)]
    public async Task A_star_is_all_that_the_role_may_and_never_personal_data(string role)
    {
        var (user, http) = await _server.PersonAsync(role);
        var (_, text, _) = await MakeAsync(http, """{"name":"all","scopes":"*"}""");
        var keys = _server.App.Services.GetRequiredService<AgentGate.Keys.ApiKeyService>();
        var principal = await keys.AuthenticateAsync(text, default);
        Assert.Equal(Roles.ScopesOf(role).Except(Pipeline.Scopes.PersonalData).Order(), principal!.Scopes.Order());
        Assert.Equal((user.Id, role), (principal.UserId, Assert.Single(principal.Roles)));
    }

    [Fact]
    public async Task A_key_may_do_at_each_use_no_more_than_its_owner_may_then()
    {
        var (user, http) = await _server.PersonAsync(Roles.Admin);
        var (_, text, _) = await MakeAsync(http, """{"name":"x","scopes":["doors","audit:read","budgets:read"]}""");
        using var agent = _server.Client(text);
        Assert.Equal(200, (await agent.AskAsync("GET", "/api/audit")).Status);

        user = (await _server.Directory().FindAsync(user.Id, default))!;
        await _server.UserAsync(Roles.Admin);
        Assert.Equal(UserChange.Done, await _server.Directory().UpdateAsync(user with { Role = Roles.Developer }, default));
        Assert.Equal((403, Codes.KeyScopeMissing), Head(await agent.AskAsync("GET", "/api/audit")));
        Assert.Equal(200, (await agent.AskAsync("GET", "/api/budgets")).Status);
        Assert.Equal(200, (await agent.AskAsync("GET", "/v1/models")).Status);

        user = (await _server.Directory().FindAsync(user.Id, default))!;
        Assert.Equal(UserChange.Done, await _server.Directory().UpdateAsync(user with { IsActive = false }, default));
        Assert.Equal((401, Codes.KeyInvalid), Head(await agent.AskAsync("GET", "/v1/models")));

        user = (await _server.Directory().FindAsync(user.Id, default))!;
        Assert.Equal(UserChange.Done, await _server.Directory().UpdateAsync(user with { IsActive = true }, default));
        Assert.Equal(200, (await agent.AskAsync("GET", "/v1/models")).Status);
    }

    [Fact]
    public async Task A_revoked_key_opens_nothing_and_who_has_none_of_an_id_learns_nothing()
    {
        var (_, http) = await _server.PersonAsync(Roles.Developer);
        var (_, other) = await _server.PersonAsync(Roles.Developer);
        var (_, stranger) = await _server.PersonAsync(Roles.Admin, "elsewhere");
        var (id, text, _) = await MakeAsync(http);
        Assert.Equal((404, Codes.KeyNotFound), Head(await other.AskAsync("DELETE", $"{Route}/{id}")));
        Assert.Equal((404, Codes.KeyNotFound), Head(await stranger.AskAsync("DELETE", $"{Route}/{id}")));
        using var agent = _server.Client(text);
        Assert.Equal(200, (await agent.AskAsync("GET", "/v1/models")).Status);

        Assert.Equal(204, (await http.AskAsync("DELETE", $"{Route}/{id}")).Status);
        Assert.Equal((401, Codes.KeyInvalid), Head(await agent.AskAsync("GET", "/v1/models")));
        Assert.Contains(await _server.ActsAsync(), act => act.Action == "key.revoked");
    }

    [Fact]
    public async Task Who_manages_keys_sees_and_revokes_those_of_the_tenant_and_of_no_other()
    {
        var (_, developer) = await _server.PersonAsync(Roles.Developer);
        var (_, admin) = await _server.PersonAsync(Roles.SecurityAdmin);
        var (_, stranger) = await _server.PersonAsync(Roles.Admin, "elsewhere");
        var (id, _, _) = await MakeAsync(developer);
        Assert.Contains(id, (await admin.AskAsync("GET", Route + "/admin/all")).Body!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(id, (await stranger.AskAsync("GET", Route + "/admin/all?include_revoked=true")).Body!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal((403, Codes.KeyScopeMissing), Head(await developer.AskAsync("GET", Route + "/admin/all")));
        Assert.Equal(400, (await admin.AskAsync("GET", Route + "/admin/all?include_revoked=maybe")).Status);

        Assert.Equal(204, (await admin.AskAsync("DELETE", $"{Route}/{id}")).Status);
        Assert.DoesNotContain(id, (await admin.AskAsync("GET", Route + "/admin/all")).Body!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(id, (await admin.AskAsync("GET", Route + "/admin/all?include_revoked=true")).Body!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_is_one_owners_and_has_as_many_keys_as_that_one_gives_it()
    {
        var (_, one) = await _server.PersonAsync(Roles.Developer);
        var (_, two) = await _server.PersonAsync(Roles.Developer);
        await MakeAsync(one, """{"name":"a","principal_id":"agent_shop"}""");
        Assert.Equal("agent_shop", (await MakeAsync(one, """{"name":"b","principal_id":"agent_shop"}""")).Principal);
        Assert.Equal((409, Codes.KeyPrincipalTaken), Head(await two.AskAsync("POST", Route, """{"name":"c","principal_id":"agent_shop"}""")));

        // Nor is the principal of a key that the server's operator made anybody's.
        Assert.Equal((409, Codes.KeyPrincipalTaken), Head(await two.AskAsync("POST", Route, """{"name":"c","principal_id":"agent_demo"}""")));
    }

    [Fact]
    public async Task A_key_makes_no_keys_and_who_signed_in_long_ago_proves_itself_first()
    {
        var (user, http) = await _server.PersonAsync(Roles.Developer);
        var (_, text, _) = await MakeAsync(http, """{"name":"x","scopes":["doors","keys:own"]}""");
        using var agent = _server.Client(text);
        Assert.Equal((403, Codes.UserNeeded), Head(await agent.AskAsync("POST", Route, """{"name":"y"}""")));
        using var stale = _server.Client((await _server.SignInAsync(user, age: TimeSpan.FromMinutes(11))).Token);
        Assert.Equal((401, Codes.StepUpNeeded), Head(await stale.AskAsync("POST", Route, """{"name":"y"}""")));
        Assert.Equal(200, (await stale.AskAsync("GET", Route)).Status);
    }

    private static (int, string) Head((int Status, string Code, System.Text.Json.Nodes.JsonNode? Body) answer) => (answer.Status, answer.Code);
}
