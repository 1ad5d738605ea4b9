using AgentGate.Guardrails;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Tests.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Tests.Guardrails;

/// <summary>Guardrails, a guard over them and a clock that stands still.</summary>
internal sealed class GuardrailFixture
{
    private readonly GuardrailsOptions _options = new();
    private GuardrailGuard? _guard;
    private int _calls;

    public GuardrailFixture(params string[] sets)
    {
        Array.ForEach(sets, set => _options.Sets.Add(GuardrailSet.Parse(set)));
        Assert.Empty(GuardrailsOptionsValidator.Faults(_options));
        Units = new GuardrailUnits(Options.Create(_options));
        Health = new GuardrailStoreHealth(Units, Metrics, NullLogger<GuardrailStoreHealth>.Instance);
        Store = new InMemoryGuardrailStore(1_000, Time);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.Zero));

    public GuardrailUnits Units { get; }

    public GuardrailMetrics Metrics { get; } = new();

    public GuardrailStoreHealth Health { get; }

    public IGuardrailStore Store { get; set; }

    /// <summary>The guard of all sets, whatever their mode.</summary>
    public GuardrailGuard Guard => _guard ??= new GuardrailGuard(Units.All, Store, _options, Time, Metrics, Health, NullLogger<GuardrailGuard>.Instance);

    public CallScope Scope { get; private set; } = new();

    public async Task<Verdict> AskAsync(GateCall call)
    {
        Scope = new CallScope();
        return await Guard.InspectAsync(new GuardContext(call, Scope), CancellationToken.None);
    }

    public Task<Verdict> AskAsync(string tool, string? session = null, string agent = "agent_a", string? user = null, string tenant = "t1")
        => AskAsync(Call(tool, session, agent, user, tenant));

    /// <summary>Asks, and tells an end at once.</summary>
    public async Task<Verdict> RunAsync(string tool, CallFate fate = CallFate.Completed)
    {
        var verdict = await AskAsync(tool);
        await EndAsync(Scope, fate);
        return verdict;
    }

    public static async Task EndAsync(CallScope scope, CallFate fate)
    {
        foreach (var hold in scope.TakeHolds())
        {
            await hold.EndedAsync(fate);
        }
    }

    /// <summary>The constraint a refusal names; <see langword="null"/> where the call passed.</summary>
    public static string? Constraint(Verdict verdict)
        => verdict is Verdict.Deny { Findings: [.., var last] } ? last.Rule[(last.Rule.IndexOf(':', StringComparison.Ordinal) + 1)..] : null;

    public GateCall Call(string tool, string? session = null, string agent = "agent_a", string? user = null, string tenant = "t1")
        => GateFixture.Call("{}") with
        {
            Id = $"call-{++_calls}",
            Principal = new Principal { Id = agent, Tenant = tenant, UserId = user },
            Action = GateActions.CallTool,
            Resource = EntityRef.Tool(tool),
            Context = new CallContext { At = DateTimeOffset.UnixEpoch, SessionName = session },
            Targets = [new EffectTarget("caller", tool)],
        };
}
