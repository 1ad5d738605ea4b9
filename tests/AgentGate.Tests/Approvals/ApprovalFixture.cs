using AgentGate.Approvals;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Tests.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Tests.Approvals;

/// <summary>A gate with the guard that asks people, one store, and as many processes as a test wants.</summary>
internal sealed class ApprovalFixture
{
    public ApprovalFixture(IApprovalStore? store = null)
    {
        Store = store ?? new InMemoryApprovalStore();
        Options.Rules.Add(new ApprovalRule { Tool = "delete_*" });
        Here = Process();
        Gate.Held = Here.Held;
        Gate.Guards.Add(new GuardDescriptor("Approvals", GuardOrder.Approvals) { Request = new ApprovalGuard(Microsoft.Extensions.Options.Options.Create(Options)) });
    }

    public GateFixture Gate { get; } = new();

    public ApprovalOptions Options { get; } = new();

    public IApprovalStore Store { get; }

    public ApprovalProcess Here { get; }

    /// <summary>What another process has of its own: everything but the store and the key.</summary>
    public ApprovalProcess Process()
    {
        var (signals, metrics, ids) = (new ApprovalSignals(), new ApprovalMetrics(), new SystemIdSource(Gate.Time));
        var records = new ApprovalRecords(Store, Gate.Recorder, signals, metrics, NullLogger<ApprovalRecords>.Instance);
        var desk = new ApprovalDesk(Store, records, signals, metrics, ids, Gate.Time);
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        var held = new HeldCalls(Store, desk, signals, new CallDigests(new byte[32]), metrics, ids, Gate.Time, options);
        return new ApprovalProcess(desk, held, signals, new ApprovalUpkeep(Store, desk, records, options, Gate.Time, NullLogger<ApprovalUpkeep>.Instance));
    }

    public static GateCall Call(string json = """{"id":7}""", string tool = "delete_record", string id = "call-1") => GateFixture.Call(json) with
    {
        Id = id, Action = GateActions.CallTool, Resource = EntityRef.Tool(tool), Targets = [new EffectTarget("process", tool)], HoldWait = TimeSpan.Zero,
    };

    public TestEffect Effect() => new(Gate.Events);

    public async Task<string> HoldAsync(GateCall? call = null)
    {
        var denied = Assert.IsType<GateResult.Denied>(await Gate.Build().RunAsync(call ?? Call(), Effect(), default));
        Assert.Equal(DenialKind.Held, denied.Denial.Kind);
        return denied.Denial.ApprovalId!;
    }

    public ValueTask<GateResult> ResumeAsync(string approval, GateCall? call = null)
        => Gate.Build().RunAsync((call ?? Call()) with { ApprovalId = approval }, Effect(), default);

    public async Task<Denial?> DecideAsync(string approval, bool approves = true, string by = "user_boss", ApprovalProcess? at = null)
        => (await (at ?? Here).Desk.DecideAsync("t1", approval, by, approves, null, default)).Refused;

    /// <summary>Lets time pass in steps, so that who waits wakes.</summary>
    public void Pass(TimeSpan time) => Gate.Time.Advance(time);
}

/// <summary>One process.</summary>
internal sealed record ApprovalProcess(ApprovalDesk Desk, HeldCalls Held, ApprovalSignals Signals, ApprovalUpkeep Upkeep);
