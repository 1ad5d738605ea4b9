using AgentGate.Client;
using AgentGate.Client.Policies;
using AgentGate.Integration.Tests.Security;
using AgentGate.Keys;
using AgentGate.Pipeline;
using AgentGate.Policies;
using Microsoft.Extensions.DependencyInjection;
using Door = AgentGate.Integration.Tests.Security.Doors;

namespace AgentGate.Integration.Tests.Policies;

/// <summary>A server whose policies are changed through its API.</summary>
internal sealed class PolicyServer(GatewayServer server) : IAsyncDisposable
{
    /// <summary>Forbids one model, whatever permits it.</summary>
    public const string NoEcho = "\n@id(\"no-echo\")\nforbid (principal, action == AgentGate::Action::\"callModel\", resource == AgentGate::Model::\"demo-echo\");\n";

    /// <summary>What the shipped policies say.</summary>
    public static string Shipped => ShippedPolicies.Text;

    public GatewayServer Server => server;

    /// <summary>A client that carries the demo key.</summary>
    public AgentGateClient Client { get; } = new(server.Http);

    public static async Task<PolicyServer> StartAsync(IReadOnlyDictionary<string, string?>? settings = null, string? directory = null)
        => new(await GatewayServer.StartAsync(settings: settings, directory: directory));

    /// <summary>Asks the model; the status and the code of a refusal.</summary>
    public async Task<(int Status, string Code)> AskAsync()
    {
        var (response, _) = await server.PostAsync(Door.Chat, Door.Body(Door.Chat));
        return ((int)response.StatusCode, response.Code());
    }

    /// <summary>Stores a draft and puts it in force.</summary>
    public async Task<int> ActivateAsync(string text, int expected, bool force = false)
    {
        var draft = await Client.CreatePolicyAsync(text);
        return (await Client.ActivatePolicyAsync(draft.Version, new PolicyActivationRequest { ExpectedActive = expected, Force = force })).Active;
    }

    /// <summary>A client of somebody else.</summary>
    public async Task<AgentGateClient> ClientOfAsync(string principal, string tenant = "default", params string[] scopes)
    {
        var key = await server.App.Services.GetRequiredService<ApiKeyService>().CreateAsync(
            new NewApiKey
            {
                Tenant = tenant, Name = principal, PrincipalId = principal, Scopes = [.. scopes.Length == 0 ? [Scopes.PoliciesRead, Scopes.PoliciesWrite] : scopes],
            },
            CancellationToken.None);
        var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        http.DefaultRequestHeaders.Add("Authorization", "Bearer " + key.Text);
        return new AgentGateClient(http);
    }

    /// <summary>The problem of a request that must be refused.</summary>
    public static async Task<(int Status, ProblemDocument Problem)> RefusedAsync(Func<Task> act)
    {
        var refused = await Assert.ThrowsAsync<AgentGateApiException>(act);
        return ((int)refused.Status, Assert.IsType<ProblemDocument>(refused.Problem));
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
