using System.Text;
using AgentGate.Budgets;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Tests.Budgets;

/// <summary>A ledger and a guard over options made by hand.</summary>
internal sealed class BudgetFixture : IBudgetEvents
{
    private BudgetLedger? _ledger;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 22, 10, 30, 0, TimeSpan.Zero));

    public BudgetOptions Options { get; } = new();

    public IBudgetStore? Store { get; set; }

    public BudgetMetrics Metrics { get; init; } = new();

    public List<(string Rule, decimal Threshold)> Alerts { get; } = [];

    /// <summary>Makes the listener of alerts throw.</summary>
    public Exception? ListenerFails { get; set; }

    public RuleSet Rules => field ??= new RuleSet(Options);

    public BudgetLedger Ledger => _ledger ??= new BudgetLedger(Rules, Options, Store, Time, Metrics, [this], NullLogger<BudgetLedger>.Instance);

    public GuardDescriptor Guard => new("Budgets", GuardOrder.Budgets)
    {
        Request = new BudgetsGuard(new PriceBook(Options), Rules, Ledger, Options, Metrics, NullLogger<CallCharge>.Instance),
    };

    public BudgetFixture Rule(decimal limit, string name = "r", BudgetPer per = BudgetPer.Principal, BudgetWindow window = BudgetWindow.Day, string principal = "*", string model = "*")
    {
        Options.Rules.Add(new BudgetRule { Name = name, LimitUsd = limit, Per = per, Window = window, Principal = principal, Model = model });
        return this;
    }

    public BudgetFixture Price(decimal input = 1, decimal output = 1, string model = "m")
    {
        Options.Prices[model] = new PriceOptions { Input = input, Output = output, InputTokensMax = 100_000, OutputTokensMax = 100_000 };
        return this;
    }

    public static Principal Agent(string id = "agent", string tenant = "t1") => new() { Id = id, Tenant = tenant, KeyId = "k-" + id };

    /// <summary>Reserves an amount in billionths, without an answer.</summary>
    public ReservationResult Reserve(long nano, string principal = "agent", string tenant = "t1", string model = "m")
        => Ledger.Reserve(Rules.Covering(Agent(principal, tenant), model), Agent(principal, tenant), new ReservationRequest(nano, 0, 0, 0));

    public BudgetState State(string rule = "r", string principal = "agent", string tenant = "t1")
        => Ledger.StatesOf(Agent(principal, tenant)).Single(state => state.Rule == rule);

    public void Passed(string tenant, BudgetState state, decimal threshold)
    {
        lock (Alerts)
        {
            Alerts.Add((state.Rule, threshold));
        }

        if (ListenerFails is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>A chat call as the door of OpenAI's chat makes it.</summary>
    public static GateCall Chat(string json, OutputDemand? demand = null, string model = "m") => Pipeline.GateFixture.Call(json) with
    {
        Principal = Agent(),
        Resource = EntityRef.Model(model),
        Targets = [new EffectTarget("p", model)],
        Context = new CallContext
        {
            At = DateTimeOffset.UnixEpoch,
            Output = demand ?? new OutputDemand { Member = "max_completion_tokens", LegacyMember = "max_tokens" },
        },
    };

    public (Verdict Verdict, CallScope Scope) Inspect(GateCall call)
    {
        var scope = new CallScope();
        return (Guard.Request!.InspectAsync(new GuardContext(call, scope), default).AsTask().Result, scope);
    }

    public static string Apply(GateCall call, Verdict verdict)
        => Encoding.UTF8.GetString((verdict is Verdict.Transform(var changes) ? call.Content.Apply(changes) : call.Content).ToUtf8().Span);
}
