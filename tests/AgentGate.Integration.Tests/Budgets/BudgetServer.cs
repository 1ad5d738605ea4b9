using System.Text.Json.Nodes;
using AgentGate.Client;
using AgentGate.Client.Budgets;
using AgentGate.Integration.Tests.Security;
using Microsoft.AspNetCore.Http;
using Door = AgentGate.Integration.Tests.Security.Doors;

namespace AgentGate.Integration.Tests.Budgets;

/// <summary>A server with one budget a day per principal, before a provider that says what a test wants.</summary>
internal sealed class BudgetServer : IAsyncDisposable
{
    private readonly FakeUpstream _upstream;

    private BudgetServer(FakeUpstream upstream, GatewayServer server) => (_upstream, Server) = (upstream, server);

    public GatewayServer Server { get; }

    /// <summary>The bodies the provider got.</summary>
    public List<string> Sent { get; } = [];

    /// <summary>Starts a server. The model <c>m</c> costs 1 USD per million tokens in and 2 out, <c>a</c> 3 and 15.</summary>
    public static async Task<BudgetServer> StartAsync(decimal limit = 1m, IReadOnlyDictionary<string, string?>? settings = null, string? directory = null)
    {
        var upstream = await FakeUpstream.StartAsync();
        var all = new Dictionary<string, string?>(upstream.Settings)
        {
            ["AgentGate:Budgets:Prices:m:Input"] = "1",
            ["AgentGate:Budgets:Prices:m:Output"] = "2",
            ["AgentGate:Budgets:Prices:m:CachedInput"] = "0.5",
            ["AgentGate:Budgets:Prices:m:InputTokensMax"] = "100000",
            ["AgentGate:Budgets:Prices:a:Input"] = "3",
            ["AgentGate:Budgets:Prices:a:Output"] = "15",
            ["AgentGate:Budgets:Prices:a:CachedInput"] = "0.3",
            ["AgentGate:Budgets:Prices:a:CacheWrite"] = "3.75",
            ["AgentGate:Budgets:Prices:a:CacheWriteLong"] = "6",
            ["AgentGate:Budgets:Rules:0:Name"] = "day",
            ["AgentGate:Budgets:Rules:0:LimitUsd"] = limit.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        foreach (var (key, value) in settings ?? new Dictionary<string, string?>())
        {
            all[key] = value;
        }

        return new BudgetServer(upstream, await GatewayServer.StartAsync(settings: all, directory: directory));
    }

    /// <summary>What the provider answers from now on.</summary>
    public void Says(string body, int status = 200, bool stream = false) => _upstream.Answer = async context =>
    {
        using var reader = new StreamReader(context.Request.Body);
        Sent.Add(await reader.ReadToEndAsync());
        context.Response.StatusCode = status;
        context.Response.ContentType = stream ? "text/event-stream" : "application/json";
        await context.Response.WriteAsync(body);
    };

    public Task<(HttpResponseMessage Response, string Text)> AskAsync(string route, Action<JsonObject>? change = null, bool stream = false)
    {
        var body = Door.Body(route, stream: stream);
        body["model"] = FakeUpstream.ModelOf(route);
        if (route == Door.Messages)
        {
            // Long enough for what the provider is going to say it read.
            body["max_tokens"] = 1000;
            body["system"] = new string('x', 4000);
        }

        change?.Invoke(body);
        return Server.PostAsync(route, body);
    }

    /// <summary>The budget of the demo key, by the typed client.</summary>
    public async Task<BudgetEntry> StateAsync()
        => (await new AgentGateClient(Server.Http).ListBudgetsAsync()).Budgets.Single(budget => budget is { Rule: "day", Subject: "principal/agent_demo" });

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _upstream.DisposeAsync();
    }
}
