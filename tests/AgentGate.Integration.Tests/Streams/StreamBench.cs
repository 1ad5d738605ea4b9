using System.Collections.Frozen;
using System.Text;
using AgentGate.Budgets;
using AgentGate.Chat;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Policies;
using AgentGate.Server.Gateway;
using AgentGate.Server.Gateway.Formats;
using AgentGate.Server.Gateway.Streaming;
using AgentGate.Server.Providers.Demo;
using AgentGate.Server.Providers.Upstream;
using AgentGate.Tools;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Streams;

/// <summary>The gate and the door's streaming side over provider bytes that arrive in any pieces, without a network.</summary>
internal sealed class StreamBench : IAsyncDisposable
{
    private static readonly FrozenSet<string> s_declared = FrozenSet.Create("lookup", "vault_read", "delete_user");

    private readonly ServiceProvider _services;

    public StreamBench()
    {
        var services = new ServiceCollection();
        services.AddAgentGate();
        services.Configure<BudgetOptions>(options => options.Prices["*"] = new PriceOptions { Input = 0, Output = 0 });
        services.Configure<PolicyOptions>(options =>
        {
            options.UseShippedDefault = true;
            options.Forbid.Add(new PolicyRule { Action = "callTool", Resource = "delete_*" });
        });
        services.Configure<ToolOptions>(options => options.Internal.Add("vault_*"));
        _services = services.BuildServiceProvider();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>What the caller gets of a stream that arrives in these blocks.</summary>
    public async Task<Heard> StreamAsync(ModelFormat format, string request, params IReadOnlyList<byte[]> blocks)
    {
        var decoder = format.OpenStream(s_declared);
        var call = Call(format, request);
        var run = await _services.GetRequiredService<Gate>().RunAsync(call, new Effect(() => new EffectResult.Streamed(new AnswerStream(Events(blocks), decoder))), CancellationToken.None);
        var streaming = Assert.IsType<GateResult.Streaming>(run);
        var output = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = output } };
        await using var stream = streaming.Stream;
        var first = await stream.ReadAsync(CancellationToken.None);
        var answer = new StreamingAnswer(context, decoder, _services.GetRequiredService<ToolCallDoor>(), call, streaming.Scope);
        await answer.WriteAsync(stream, first, _ => ValueTask.FromResult<Denial?>(null));
        return Heard.Stream(format, output.ToArray());
    }

    /// <summary>What the caller gets of the same answer, whole.</summary>
    public async Task<Heard> WholeAsync(ModelFormat format, string request, string answer)
    {
        var reading = new DocumentReading(JsonTreeParser.Parse(Encoding.UTF8.GetBytes(answer), JsonLimits.Default, out _)!);
        format.ReadAnswer(reading);
        var content = JsonContentReader.ReadAnswer(reading, JsonLimits.Default);
        var call = Call(format, request);
        var run = await _services.GetRequiredService<Gate>().RunAsync(call, new Effect(() => new EffectResult.Complete(content)), CancellationToken.None);
        var completed = Assert.IsType<GateResult.Completed>(run);
        var tree = JsonTreeParser.Parse(completed.Content.ToUtf8(), JsonLimits.Default, out _)!;
        var rulings = new List<(AnswerToolCall, ToolCallRuling)>();
        foreach (var proposed in format.ToolCalls(tree, s_declared))
        {
            rulings.Add((proposed, await _services.GetRequiredService<ToolCallDoor>().DecideAsync(proposed.Proposed, call, completed.Scope, CancellationToken.None)));
        }

        var edits = new JsonEdits(tree);
        format.Rule(tree, edits, rulings);
        return Heard.Whole(format, edits.Render());
    }

    private static UpstreamEventStream Events(IReadOnlyList<byte[]> blocks)
    {
        var stream = new DemoStream(blocks, TimeSpan.Zero, null, TimeProvider.System);
        var reader = new UpstreamReader("test", new HttpResponseMessage(), stream, TimeSpan.FromMinutes(1), TimeProvider.System);
        return new UpstreamEventStream("test", reader, 1 << 20);
    }

    private GateCall Call(ModelFormat format, string request)
    {
        var reading = new RequestReading(JsonTreeParser.Parse(Encoding.UTF8.GetBytes(request), JsonLimits.Default, out _)!);
        format.ReadRequest(reading);
        Assert.Null(reading.Document.Fault);
        return new GateCall
        {
            Id = _services.GetRequiredService<IIdSource>().NewId(),
            Door = "test",
            Principal = new Principal { Id = "anyone", Tenant = "default", Scopes = ["doors"] },
            Action = format.Action,
            Resource = EntityRef.Model(reading.Model),
            Content = JsonContentReader.Read(reading.Document, JsonLimits.Default),
            Targets = [new EffectTarget("test", "m")],
            Context = new CallContext { At = TimeProvider.System.GetUtcNow(), Streaming = true },
        };
    }

    private sealed class Effect(Func<EffectResult> result) : IEffect
    {
        public ValueTask<EffectResult> RunAsync(Permit permit, CancellationToken cancellationToken)
        {
            permit.RecordTransport(permit.Use().ToUtf8().Span);
            return ValueTask.FromResult(result());
        }
    }
}
