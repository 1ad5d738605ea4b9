using AgentGate.Kernel.Decisions;
using AgentGate.Limits;
using AgentGate.Pipeline;
using AgentGate.Tests.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Tests.Limits;

/// <summary>Rules, a guard over them and a clock that stands still.</summary>
internal sealed class LimitFixture
{
    public LimitFixture(params LimitRule[] rules)
        : this(new LimitsOptions(), rules)
    {
    }

    public LimitFixture(LimitsOptions options, params LimitRule[] rules)
    {
        foreach (var rule in rules)
        {
            options.Rules.Add(rule);
        }

        Assert.Empty(LimitsOptionsValidator.Faults(options));
        Options = Microsoft.Extensions.Options.Options.Create(options);
        Set = new LimitSet(Options);
        Store = NewStore(Set.All);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero));

    public IOptions<LimitsOptions> Options { get; }

    public LimitSet Set { get; }

    public InMemoryLimitStore Store { get; }

    public LimitMetrics Metrics { get; init; } = new();

    public ILimitStore? Shared { get; set; }

    public ILimitSeat? Seat { get; set; }

    public LimitStoreHealth Health => field ??= new LimitStoreHealth(Set, Time, new LimitMetrics(), NullLogger<LimitStoreHealth>.Instance);

    public CallScope Scope { get; private set; } = new();

    /// <summary>Where the last call stood.</summary>
    public IReadOnlyList<LimitState> States => Scope.Find<LimitStatus>()?.Limits ?? [];

    public InMemoryLimitStore NewStore(System.Collections.Immutable.ImmutableArray<Limit> limits)
        => new(limits, Options.Value.KeysMax, Time, new LimitMetrics(), NullLogger.Instance);

    private LimitGuard? _guard;

    public ValueTask<Verdict> AskAsync(GateCall? call = null)
    {
        _guard ??= new LimitGuard(
            Set, Shared ?? Store, NewStore(Set.Shares), Options, Metrics, Time, Health, Seat);
        Scope = new CallScope();
        return _guard.InspectAsync(new GuardContext(call ?? Call(), Scope), CancellationToken.None);
    }

    /// <summary>Sends calls and says how many passed.</summary>
    public async Task<int> PassAsync(int calls, GateCall? call = null)
    {
        var passed = 0;
        for (var i = 0; i < calls; i++)
        {
            passed += await AskAsync(call) is Verdict.Allow ? 1 : 0;
        }

        return passed;
    }

    public static LimitRule Rule(string name, int calls, LimitPer per = LimitPer.Key, int seconds = 60)
        => new() { Name = name, Calls = calls, Per = per, Window = TimeSpan.FromSeconds(seconds) };

    /// <summary>A model call.</summary>
    public static GateCall Call(string principal = "agent_a", string? key = "key_a", string tenant = "t1", string model = "m", string? upstream = null)
        => GateFixture.Call("{}") with
        {
            Principal = new Principal { Id = principal, Tenant = tenant, KeyId = key },
            Resource = EntityRef.Model(model),
            Targets = [new EffectTarget("p", upstream ?? model)],
        };

    /// <summary>A tool call.</summary>
    public static GateCall ToolCall(string tool, string principal = "agent_a", string? key = "key_a")
        => Call(principal, key) with
        {
            Action = GateActions.CallTool,
            Resource = EntityRef.Tool(tool),
            Targets = [new EffectTarget("caller", tool)],
        };
}
