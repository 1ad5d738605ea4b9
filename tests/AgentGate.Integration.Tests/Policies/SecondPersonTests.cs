using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Integration.Tests.Identity;
using AgentGate.Keys;
using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Policies;

/// <summary>Maker is not checker: what somebody wrote another person puts in force.</summary>
public sealed class SecondPersonTests
{
    private const string Fine = """{"text":"permit (principal, action, resource);"}""";

    [Fact]
    public async Task What_one_admin_or_its_agent_wrote_another_puts_in_force_and_going_back_needs_nobody_else()
    {
        await using var server = await GatewayServer.StartAsync(settings: new Dictionary<string, string?> { ["AgentGate:Policies:SecondPerson"] = "WherePossible" });
        var (ada, http) = await server.PersonAsync(Roles.Admin);

        // Alone, beside the user of the development environment, who counts as a person only where it is an active admin.
        var (_, other) = await server.PersonAsync(Roles.SecurityAdmin);
        var agent = await server.App.Services.GetRequiredService<ApiKeyService>().CreateAsync(
            new NewApiKey { Tenant = "default", OwnerId = ada.Id, Name = "x", PrincipalId = "agent_of_ada", Scopes = [Scopes.PoliciesRead, Scopes.PoliciesWrite] }, default);
        using var byAgent = server.Client(agent.Text);
        Assert.Equal(201, (await http.AskAsync("POST", "/api/policies", Fine)).Status);
        Assert.Equal(201, (await byAgent.AskAsync("POST", "/api/policies", Fine)).Status);

        foreach (var number in (int[])[1, 2])
        {
            Assert.Equal((403, Codes.PolicyOwnWork), await ActivateAsync(http, number, 0));
            Assert.Equal((403, Codes.PolicyOwnWork), await ActivateAsync(byAgent, number, 0));
        }

        Assert.Equal((200, ""), await ActivateAsync(other, 1, 0));
        var (status, code, _) = await http.AskAsync("POST", "/api/policies/roll-back", """{"expected_active":1}""");
        Assert.Equal((200, ""), (status, code));
        Assert.Equal((403, Codes.PolicyOwnWork), await ActivateAsync(http, 1, 0));

        // A draft that the other one changed is the other one's work, too.
        Assert.Equal(200, (await other.AskAsync("PUT", "/api/policies/2", """{"text":"permit (principal, action, resource); // more","revision":1}""")).Status);
        Assert.Equal((403, Codes.PolicyOwnWork), await ActivateAsync(other, 2, 0));
    }

    private static async Task<(int, string)> ActivateAsync(HttpClient http, int number, int expected)
    {
        var (status, _, body) = await http.AskAsync("POST", $"/api/policies/{number}/activate", $$"""{"expected_active":{{expected}}}""");
        return (status, body?["code"]?.GetValue<string>() ?? "");
    }
}
