using System.Text;
using AgentGate.Content;
using AgentGate.Guardrails;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentGate.Storage.Tests.Guardrails;

/// <summary>One server's guard over a store that others may share.</summary>
internal sealed class GuardrailServer
{
    private readonly GuardrailGuard _guard;

    public GuardrailServer(IGuardrailStore store, TimeProvider time, params string[] sets)
    {
        var options = new GuardrailsOptions { StoreDeadline = TimeSpan.FromSeconds(2) };
        Array.ForEach(sets, set => options.Sets.Add(GuardrailSet.Parse(set)));
        Units = new GuardrailUnits(Options.Create(options));
        var metrics = new GuardrailMetrics();
        _guard = new GuardrailGuard(
            Units.All, store, options, time, metrics, new GuardrailStoreHealth(Units, metrics, NullLogger<GuardrailStoreHealth>.Instance), NullLogger<GuardrailGuard>.Instance);
    }

    public GuardrailUnits Units { get; }

    /// <summary>Asks for a call; what it holds is in the scope where it passed.</summary>
    public async Task<(Verdict Verdict, CallScope Scope)> AskAsync(GateCall call)
    {
        var scope = new CallScope();
        return (await _guard.InspectAsync(new GuardContext(call, scope), CancellationToken.None), scope);
    }

    /// <summary>Tells a call's end.</summary>
    public static async Task EndAsync(CallScope scope, CallFate fate)
    {
        foreach (var hold in scope.TakeHolds())
        {
            await hold.EndedAsync(fate);
        }
    }

    public static GateCall Call(string id, string tool = "send_email", string agent = "agent_a", string tenant = "t1", string? session = null) => new()
    {
        Id = id,
        Door = "test",
        Principal = new Principal { Id = agent, Tenant = tenant },
        Action = GateActions.CallTool,
        Resource = EntityRef.Tool(tool),
        Context = new CallContext { At = DateTimeOffset.UnixEpoch, SessionName = session },
        Content = Json("{}"),
        Targets = [new EffectTarget("caller", tool)],
    };

    private static JsonContent Json(string json)
    {
        var tree = JsonTreeParser.Parse(Encoding.UTF8.GetBytes(json), JsonLimits.Default, out var fault);
        Assert.Null(fault);
        return JsonContentReader.Read(new DocumentReading(tree!), JsonLimits.Default);
    }
}
