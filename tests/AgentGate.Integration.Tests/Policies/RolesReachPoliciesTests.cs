using AgentGate.Identity;
using AgentGate.Integration.Tests.Identity;
using Door = AgentGate.Integration.Tests.Security.Doors;

namespace AgentGate.Integration.Tests.Policies;

/// <summary>A policy about a role decides about a user's own call and about the calls of that user's keys.</summary>
public sealed class RolesReachPoliciesTests
{
    private const string OnlyDevelopers =
        "\n@id(\"developers\")\nforbid (principal, action == AgentGate::Action::\"callModel\", resource == AgentGate::Model::\"demo-echo\") unless { principal in AgentGate::Role::\"developer\" };\n";

    [Fact]
    public async Task A_policy_on_a_role_decides_about_users_and_about_their_keys()
    {
        await using var server = await PolicyServer.StartAsync();
        await server.ActivateAsync(PolicyServer.Shipped + OnlyDevelopers, 0, force: true);
        await server.Server.UserAsync(Roles.Admin);
        var (developer, ofDeveloper) = await CallersAsync(server.Server, Roles.Developer);
        var (other, ofOperator) = await CallersAsync(server.Server, Roles.AgentOperator);
        Assert.Equal((200, 200), (await AskAsync(developer), await AskAsync(ofDeveloper)));
        Assert.Equal((403, 403), (await AskAsync(other), await AskAsync(ofOperator)));

        // A key of the operator's is nobody's, and so in no role.
        Assert.Equal(403, (await server.AskAsync()).Status);
    }

    [Fact]
    public async Task A_key_follows_its_owner_into_another_role()
    {
        await using var server = await PolicyServer.StartAsync();
        await server.ActivateAsync(PolicyServer.Shipped + OnlyDevelopers, 0, force: true);
        var (user, http) = await server.Server.PersonAsync(Roles.Developer);
        using var key = await KeyAsync(server.Server, http);
        Assert.Equal(200, await AskAsync(key));

        var stored = (await server.Server.Directory().FindAsync(user.Id, default))!;
        Assert.Equal(UserChange.Done, await server.Server.Directory().UpdateAsync(stored with { Role = Roles.AgentOperator }, default));
        Assert.Equal(403, await AskAsync(key));
    }

    private static async Task<(HttpClient User, HttpClient Key)> CallersAsync(GatewayServer server, string role)
    {
        var (_, http) = await server.PersonAsync(role);
        return (http, await KeyAsync(server, http));
    }

    private static async Task<HttpClient> KeyAsync(GatewayServer server, HttpClient http)
        => server.Client((await http.AskAsync("POST", "/api/auth/api-keys", """{"name":"x"}""")).Body!["key"]!.GetValue<string>());

    private static async Task<int> AskAsync(HttpClient http) => (await http.AskAsync("POST", Door.Chat, Door.Body(Door.Chat).ToJsonString())).Status;
}
