using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentGate.Audit;
using AgentGate.Chat;
using AgentGate.Diagnostics;
using AgentGate.Integration.Tests.Security;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Policies;
using AgentGate.Policies.Targets;
using AgentGate.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ModelDoors = AgentGate.Integration.Tests.Security.Doors;

namespace AgentGate.Integration.Tests.Policies;

/// <summary>A call that a policy denies: through the SDK, through the gateway, and as a file through the command line.</summary>
public sealed class DenialTests : IDisposable
{
    private const string Text = """
        @id("everything")
        permit (principal, action, resource);

        @id("no-cheap-models")
        forbid (principal, action == AgentGate::Action::"callModel", resource in AgentGate::Model::"demo-echo")
        when { context has maxTokens && context.maxTokens == 13 };

        @id("no-prod")
        forbid (principal, action == AgentGate::Action::"delete", resource in AgentGate::Path::"/prod");
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("agentgate-denial-").FullName;
    private readonly List<GateCall> _calls = [];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_forbidden_model_is_denied_by_the_same_policy_through_every_door()
    {
        await using var server = await GatewayServer.StartAsync(builder => Configure(builder.Services));
        var answer = await server.Http.PostAsync("/v1/chat/completions", Json("""{"model":"demo-echo","max_tokens":13,"messages":[{"role":"user","content":"hello"}]}"""));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var error = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]!;
        Assert.Equal((Codes.Forbidden, "no-cheap-models"), ((string)error["code"]!, (string)Assert.Single(error["policies"]!.AsArray())!));
        Assert.Equal((1, "no-cheap-models"), Evaluate(server.App.Services));
        await AssertRecordAsync(server.App.Services, "no-cheap-models");

        await using var process = InProcess();
        using var client = new NeverAsked().AsBuilder().UseAgentGate().Build(process);
        var denied = await Assert.ThrowsAsync<AgentGateDeniedException>(() => client.GetResponseAsync("hello", new ChatOptions { ModelId = "demo-echo", MaxOutputTokens = 13 }));
        Assert.Equal((Codes.Forbidden, "no-cheap-models"), (denied.Code, Assert.Single(denied.Policies)));
        Assert.Equal((1, "no-cheap-models"), Evaluate(process));
        await AssertRecordAsync(process, "no-cheap-models");
    }

    [Fact]
    public async Task A_tool_that_would_delete_what_must_stay_is_denied_by_the_same_policy_through_every_door()
    {
        await using var server = await GatewayServer.StartAsync(builder => Configure(builder.Services));
        var body = ModelDoors.Body(ModelDoors.Chat, """/tool delete_record {"path":"/x/../Prod/db"}""");
        body["tools"] = new JsonArray(ModelDoors.Tool(ModelDoors.Chat, "delete_record"));
        var (response, text) = await server.PostAsync(ModelDoors.Chat, body);
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Contains(Codes.Forbidden, text, StringComparison.Ordinal);
        Assert.Contains("no-prod", text, StringComparison.Ordinal);
        Assert.DoesNotContain("tool_calls\":", text, StringComparison.Ordinal);
        Assert.Equal((1, "no-prod"), Evaluate(server.App.Services));
        await AssertRecordAsync(server.App.Services, "no-prod");

        await using var process = InProcess();
        var ran = false;
        var function = process.GetRequiredService<Gate>().Govern(AIFunctionFactory.Create((string path) => ran = path.Length > 0, "delete_record"));
        var denied = await Assert.ThrowsAsync<AgentGateDeniedException>(
            async () => await function.InvokeAsync(new AIFunctionArguments(new Dictionary<string, object?> { ["path"] = "/x/../Prod/db" })));
        Assert.Equal((Codes.Forbidden, "no-prod", false), (denied.Code, Assert.Single(denied.Policies), ran));
        Assert.Equal((1, "no-prod"), Evaluate(process));
        await AssertRecordAsync(process, "no-prod");
    }

    private void Configure(IServiceCollection services)
    {
        services.PostConfigure<PolicyOptions>(options =>
        {
            options.UseShippedDefault = false;
            options.Inline.Add(Text);
        });
        services.PostConfigure<ToolOptions>(options => options.Arguments.Add(
            new ToolArgumentRule { Tool = "delete_*", Argument = "path", Kind = ArgumentKind.Path, Effects = { GateActions.Delete } }));
        services.AddSingleton(new GuardDescriptor("Watch", GuardOrder.Admissibility - 1) { Request = new Watch(_calls) });
    }

    private ServiceProvider InProcess()
    {
        var services = new ServiceCollection().AddAgentGate();
        Configure(services);
        return services.BuildServiceProvider();
    }

    /// <summary>The last call as a file, evaluated by the command line: its exit code and the policy it names.</summary>
    private (int Exit, string Policy) Evaluate(IServiceProvider services)
    {
        var call = _calls[^1];
        var policies = new CallPolicies(call, services.GetRequiredService<PolicyEntities>());
        Assert.Null(policies.Add());
        if (call.Action == GateActions.CallTool)
        {
            Assert.Null(TargetReader.Read(call, services.GetRequiredService<IToolCatalog>().ArgumentsOf(call.Resource.Id), restores: false, out var targets));
            policies.Add(targets);
        }

        var refused = policies.Ask(services.GetRequiredService<PolicyRegistry>().Current(call.Principal.Tenant).Authorizer).Refused!.Request;
        var (exit, output) = Run(
            "policy", "eval", "--json", "--ids", "annotation",
            "--policies", Write("policies.cedar", Encoding.UTF8.GetBytes(Text)),
            "--schema", Write("agentgate.cedarschema", Encoding.UTF8.GetBytes(PublishedSchema.Text)),
            "--request", Write("request.json", PolicyRequestJson.Request(refused)),
            "--entities", Write("entities.json", PolicyRequestJson.Entities(refused, folded: true)));
        using var answer = JsonDocument.Parse(output);
        Assert.Equal("deny", answer.RootElement.GetProperty("decision").GetString());
        return (exit, Assert.Single(answer.RootElement.GetProperty("reason").EnumerateArray()).GetString()!);
    }

    private static (int Exit, string Output) Run(params string[] args)
    {
        // Beside this project's own output: artifacts/bin/<project>/<configuration>.
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var program = Path.Combine(own.Parent!.Parent!.FullName, "AgentGate.Cli", own.Name, "AgentGate.Cli.dll");
        Assert.True(File.Exists(program), $"{program} is not built.");
        using var process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("dotnet", [program, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var (output, faults) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(2)), "The command line went on and on.");
        return process.ExitCode is 0 or 1 ? (process.ExitCode, output.GetAwaiter().GetResult()) : throw new InvalidOperationException(faults.GetAwaiter().GetResult());
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>The last entry about a call is a denial whose verdict names the policy, and so does the trace.</summary>
    private static async Task AssertRecordAsync(IServiceProvider services, string policy)
    {
        var denied = new List<LogEntryBody>();
        await foreach (var stored in services.GetRequiredService<IAuditLog>().ReadChainAsync("default", 1, null, CancellationToken.None))
        {
            var entry = LogEntryParser.Parse(stored.Canonical.Span).Body;
            if (entry.Kind == EntryKind.Denied)
            {
                denied.Add(entry);
            }
        }

        var last = Assert.Single(denied);
        Assert.Equal((Codes.Forbidden, DecisionKind.Deny), (last.Code, last.Decision));
        Assert.Contains(last.Verdicts[^1].Findings, finding => finding is { Rule: "policy" } && finding.Note == policy);
        var trace = await services.GetRequiredService<AgentGate.Traces.ITraceStore>().FindAsync("default", last.CallId!, CancellationToken.None);
        Assert.Contains(trace!.Verdicts[^1].Findings, finding => finding is { Rule: "policy" } && finding.Note == policy);
        Assert.Contains(policy, trace.Reason, StringComparison.Ordinal);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private sealed class Watch(List<GateCall> calls) : IRequestGuard
    {
        public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
        {
            calls.Add(context.Call);
            return ValueTask.FromResult(Verdict.Allowed);
        }
    }

    private sealed class NeverAsked : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
            => throw new InvalidOperationException("The model was asked.");

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
            => throw new InvalidOperationException("The model was asked.");

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
