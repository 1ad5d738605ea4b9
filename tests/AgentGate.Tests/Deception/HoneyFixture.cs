using AgentGate.Deception;
using AgentGate.Delegation;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Policies.Targets;
using AgentGate.Tests.Pipeline;
using AgentGate.Tools;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentGate.Tests.Deception;

/// <summary>Honey tokens in a gate of their own: only their guard stands in it.</summary>
internal sealed class HoneyFixture
{
    private static readonly Principal s_operator = new() { Id = "agent_op", Tenant = "t1", Scopes = [Scopes.DeceptionWrite] };

    public HoneyFixture()
    {
        var ids = new SystemIdSource(Gate.Time);
        Cipher = new HoneyCipher(new FixedHoneyKey(new byte[32]), ids);
        Honey = new HoneyAdministration(Store, Registry, Cipher, Gate.Recorder, ids, Gate.Time);
        var guard = new HoneyGuard(Registry, Store, new LateTargets(Tools), ids, Gate.Time, new HoneyMetrics(), Log, Events, Grants);
        Gate.Guards.Add(new GuardDescriptor("Deception", GuardOrder.Deception) { Request = guard });
        Gate.Guards.Add(new GuardDescriptor("DeceptionTargets", HoneyTargetGuard.Order) { Request = new HoneyTargetGuard(guard) });
    }

    public GateFixture Gate { get; } = new();

    public ToolOptions Tools { get; } = new();

    public FailingHoneyStore Store { get; } = new();

    public HoneyRegistry Registry { get; } = new();

    public GrantRegistry Grants { get; } = new();

    public HoneyCipher Cipher { get; }

    public HoneyAdministration Honey { get; }

    public HeardEvents Events { get; } = new();

    public HeardLog Log { get; } = new();

    public async Task<HoneyToken> SetAsync(string type, string name = "trap", string? pattern = null, string? value = null, string tenant = "t1")
    {
        var draft = new HoneyDraft { Type = type, Name = name, ResourcePattern = pattern, Value = value };
        return Assert.IsType<HoneyReply<HoneyToken>.Done>(await Honey.SetAsync(s_operator with { Tenant = tenant }, draft, default)).Value;
    }

    /// <summary>The code of the denial of a call, or <see langword="null"/> where it ran.</summary>
    public async Task<string?> CallAsync(
        string json = """{"a":"hello"}""", string principal = "agent", EntityRef? resource = null, string action = GateActions.CallModel, string? delegation = null, string tenant = "t1",
        CancellationToken cancellationToken = default)
    {
        var call = GateFixture.Call(json) with
        {
            Principal = new Principal { Id = principal, Tenant = tenant },
            Resource = resource ?? EntityRef.Model("m"),
            Action = action,
            Context = new CallContext { At = Gate.Time.GetUtcNow(), DelegationRef = delegation },
        };
        return await Gate.Build().RunAsync(call, new EchoEffect(), cancellationToken) is GateResult.Denied { Denial.Code: var code } ? code : null;
    }

    public Task<string?> CallToolAsync(string tool, string json = """{"a":"hello"}""", string principal = "agent")
        => CallAsync(json, principal, EntityRef.Tool(tool), GateActions.CallTool);

    public Task<HoneyReply<int>> ClearAsync(string principal, string by = "agent_op", string tenant = "t1")
        => Honey.ClearAsync(s_operator with { Id = by, Tenant = tenant }, principal, default);

    /// <summary>Tools as they are declared when they are asked for, not when the gate was built.</summary>
    private sealed class LateTargets(ToolOptions tools) : ICallTargets
    {
        public IReadOnlyList<CallTarget> Of(GateCall call) => new CallTargets(new ToolCatalog(Options.Create(tools))).Of(call);
    }

    private sealed class EchoEffect : IEffect
    {
        public ValueTask<EffectResult> RunAsync(Permit permit, CancellationToken cancellationToken)
            => ValueTask.FromResult<EffectResult>(new EffectResult.Complete(permit.Use()));
    }
}

/// <summary>Keeps every event; can be told to throw.</summary>
internal sealed class HeardEvents : IGateEvents
{
    public List<GateEvent> Heard { get; } = [];

    public bool Throws { get; set; }

    public bool HasListener(Principal principal) => false;

    public void Publish(GateEvent happened)
    {
        if (Throws)
        {
            throw new InvalidOperationException("nobody listens");
        }

        Heard.Add(happened);
    }
}

/// <summary>Keeps every line.</summary>
internal sealed class HeardLog : ILogger<HoneyGuard>
{
    public List<(LogLevel Level, string Line)> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => Lines.Add((logLevel, formatter(state, exception)));
}

/// <summary>A store in memory that fails on demand.</summary>
internal sealed class FailingHoneyStore : IHoneyStore
{
    private readonly InMemoryHoneyStore _inner = new();

    public Exception? Failure { get; set; }

    public Task AddAsync(StoredHoneyToken token, CancellationToken cancellationToken)
        => Failure is null ? _inner.AddAsync(token, cancellationToken) : throw Failure;

    public Task<bool> RemoveAsync(string tenant, string id, CancellationToken cancellationToken)
        => Failure is null ? _inner.RemoveAsync(tenant, id, cancellationToken) : throw Failure;

    public Task<IReadOnlyList<StoredHoneyToken>> ReadAsync(CancellationToken cancellationToken) => _inner.ReadAsync(cancellationToken);

    /// <summary>Happens when a touch is being stored.</summary>
    public Func<Task>? BeforeTrigger { get; set; }

    public async Task AddTriggerAsync(HoneyTrigger trigger, CancellationToken cancellationToken)
    {
        if (BeforeTrigger is { } before)
        {
            await before();
        }

        cancellationToken.ThrowIfCancellationRequested();
        await (Failure is null ? _inner.AddTriggerAsync(trigger, cancellationToken) : throw Failure);
    }

    public Task<IReadOnlyList<HoneyTrigger>> ListTriggersAsync(string tenant, string? principal, int limit, CancellationToken cancellationToken)
        => _inner.ListTriggersAsync(tenant, principal, limit, cancellationToken);

    public Task<int> ClearAsync(string tenant, string principal, DateTimeOffset at, string by, CancellationToken cancellationToken)
        => Failure is null ? _inner.ClearAsync(tenant, principal, at, by, cancellationToken) : throw Failure;

    public Task<IReadOnlyList<HoneyStanding>> ReadStandingsAsync(CancellationToken cancellationToken) => _inner.ReadStandingsAsync(cancellationToken);
}
