using System.ClientModel;
using System.ClientModel.Primitives;
using AgentGate.Approvals;
using AgentGate.Audit;
using AgentGate.Budgets;
using AgentGate.Integration.Tests.Doors;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Policies;
using AgentGate.Server.Providers.Demo;
using AgentGate.Tools;
using AgentGate.Traces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenAI;

[assembly: AssemblyFixture(typeof(DoorsFixture))]

namespace AgentGate.Integration.Tests.Doors;

/// <summary>
/// The same provider behind two doors: in process through <c>UseAgentGate()</c>, and over HTTP through a whole gateway. Both
/// have the same policies and are driven by the same client library.
/// </summary>
public sealed class DoorsFixture : IAsyncLifetime
{
    /// <summary>A model of an upstream that answers every request with a tool call whose arguments are not JSON.</summary>
    public const string BrokenModel = "broken";

    /// <summary>A model that a policy forbids.</summary>
    public const string ForbiddenModel = "broken-forbidden";

    private WebApplication? _broken;
    private GatewayServer? _gateway;
    private ServiceProvider? _process;

    internal DemoRecord ReceivedInProcess { get; } = new();

    internal DemoRecord ReceivedByGateway => _gateway!.Received;

    public async ValueTask InitializeAsync()
    {
        _broken = await StartBrokenAsync();
        var settings = new Dictionary<string, string?>
        {
            ["AgentGate:Providers:broken:Kind"] = "OpenAI",
            ["AgentGate:Providers:broken:BaseUrl"] = _broken.Urls.First() + "/v1",
            ["AgentGate:Providers:broken:ApiKey"] = "sk-test",
            ["AgentGate:Providers:broken:Models:0"] = BrokenModel,
            ["AgentGate:Providers:broken:Models:1"] = ForbiddenModel,
        };
        _gateway = await GatewayServer.StartAsync(builder => Policies(builder.Services), settings);
        var services = new ServiceCollection().AddAgentGate();

        // What a server has of itself, and an application adds.
        services.AddApprovals();
        Policies(services);
        _process = services.BuildServiceProvider();
    }

    /// <summary>A client of the SDK door.</summary>
    public IChatClient InProcess(string model)
    {
        var upstream = model == DemoModel.EchoModel
            ? Client(model, "http://demo.invalid/v1", "none", new HttpClient(new DemoHandler(ReceivedInProcess, TimeProvider.System)))
            : Client(model, _broken!.Urls.First() + "/v1", "sk-test", new HttpClient());
        return upstream.AsBuilder().UseAgentGate().Build(_process);
    }

    /// <summary>A client of the gateway.</summary>
    public IChatClient ThroughGateway(string model) => Client(model, _gateway!.Url + "/v1", _gateway.Key, new HttpClient());

    /// <summary>What a door put on record since a number, and the traces of the same calls.</summary>
    internal async Task<(long Seq, IReadOnlyList<LogEntryBody> Entries, IReadOnlyList<CallTrace> Traces)> RecordAsync(bool inProcess, long after)
    {
        IServiceProvider services = inProcess ? _process! : _gateway!.App.Services;
        var entries = new List<LogEntryBody>();
        var seq = after;
        await foreach (var stored in services.GetRequiredService<IAuditLog>().ReadChainAsync("default", after + 1, null, CancellationToken.None))
        {
            var entry = LogEntryParser.Parse(stored.Canonical.Span);
            seq = entry.Seq;
            if (entry.Body.CallId is not null)
            {
                entries.Add(entry.Body);
            }
        }

        var traces = new List<CallTrace>();
        foreach (var id in entries.Select(entry => entry.CallId!).Distinct())
        {
            traces.Add((await services.GetRequiredService<ITraceStore>().FindAsync("default", id, CancellationToken.None))!);
        }

        return (seq, entries, traces);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway!.DisposeAsync();
        await _process!.DisposeAsync();
        await _broken!.DisposeAsync();
    }

    private static void Policies(IServiceCollection services)
    {
        services.PostConfigure<BudgetOptions>(options => options.Prices["*"] = new PriceOptions { Input = 0, Output = 0 });
        services.PostConfigure<PolicyOptions>(options =>
        {
            options.UseShippedDefault = true;
            options.Forbid.Add(new PolicyRule { Action = "callTool", Resource = "delete_*" });
            options.Forbid.Add(new PolicyRule { Action = "callModel", Resource = ForbiddenModel });
        });
        services.PostConfigure<ToolOptions>(options => options.Internal.Add("crm_*"));
    }

    private static IChatClient Client(string model, string url, string key, HttpClient http)
        => new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions
        {
            Endpoint = new Uri(url),
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        }).GetChatClient(model).AsIChatClient();

    private static async Task<WebApplication> StartBrokenAsync()
    {
        const string Call = """[{"index":0,"id":"call_1","type":"function","function":{"name":"look","arguments":"{\"at\":"}}]""";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
            if (!body.Contains("\"stream\":true", StringComparison.Ordinal))
            {
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(
                    """{"id":"c","object":"chat.completion","created":1,"model":"broken","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":"""
                    + Call + """},"finish_reason":"tool_calls"}]}""");
                return;
            }

            context.Response.ContentType = "text/event-stream";
            const string Chunk = """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"broken","choices":[{"index":0,"delta":""";
            await context.Response.WriteAsync($$"""{{Chunk}}{"role":"assistant","tool_calls":{{Call}}},"finish_reason":null}]}""" + "\n\n");
            await context.Response.WriteAsync($$"""{{Chunk}}{},"finish_reason":"tool_calls"}]}""" + "\n\ndata: [DONE]\n\n");
        });
        await app.StartAsync();
        return app;
    }
}
