using System.Diagnostics;
using System.Text;
using AgentGate.Audit;
using AgentGate.Benchmarks.Reporting;
using AgentGate.Budgets;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentGate.Benchmarks.Budgets;

/// <summary>Reservations and settlements: the counters alone, the guard over a request of 1 KB, and with the log that makes them durable.</summary>
internal static class BudgetsBench
{
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(1.5);

    public static IEnumerable<BenchTable> Run(BenchSettings settings)
    {
        var table = new BenchTable(
            "budgets", "Budgets: reserve and settle, two budgets per call (principal per day, tenant per month)", ("calls/s", "N0"), ("us each", "F2"));
        foreach (var threads in (int[])[1, 2])
        {
            table.Rows.Add(Row($"counters, {Threads(threads)}", Count(threads, Counters())));
            table.Rows.Add(Row($"guard, chat request of 1 KB, {Threads(threads)}", Count(threads, Guard())));
        }

        foreach (var durability in (AuditDurability[])[AuditDurability.Write, AuditDurability.Commit])
        {
            var path = Path.Combine(settings.NewFolder("budgets-" + durability), "budgets.db");
            table.Rows.Add(Row(
                $"intent and outcome in the log, {durability.ToString().ToLowerInvariant()}, 256 callers, without budgets", DurableAsync(path, durability, postings: false).GetAwaiter().GetResult()));
            table.Rows.Add(Row(
                $"intent and outcome in the log, {durability.ToString().ToLowerInvariant()}, 256 callers, with two budgets", DurableAsync(path + ".2", durability, postings: true).GetAwaiter().GetResult()));
        }

        table.Notes.Add("The rows with the log are 20,000 calls; the difference of two neighbours is what durable budgets cost.");
        return [table];
    }

    private static BenchRow Row(string name, double perSecond) => new(name, perSecond, 1e6 / perSecond);

    private static string Threads(int threads) => threads == 1 ? "1 thread" : $"{threads} threads";

    private static double Count(int threads, Action<int> call)
    {
        for (var warm = 0; warm < 20_000; warm++)
        {
            call(0);
        }

        var counts = new long[threads * 16];
        var started = Stopwatch.GetTimestamp();
        var workers = Enumerable.Range(0, threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                while (Stopwatch.GetElapsedTime(started) < s_time)
                {
                    for (var i = 0; i < 64; i++)
                    {
                        call(thread);
                    }

                    counts[thread * 16] += 64;
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        Task.WaitAll(workers);
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static Action<int> Counters()
    {
        var (ledger, rules, _, _) = Parts();
        var agents = Agents();
        return thread =>
        {
            var agent = agents[thread];
            var granted = ledger.Reserve(rules.Covering(agent, "gpt-4o-mini"), agent, new ReservationRequest(150_000, 600, 500, 16)).Granted!;
            ledger.Settle(granted, 90_000);
        };
    }

    private static Action<int> Guard()
    {
        var (ledger, rules, options, metrics) = Parts();
        var guard = new BudgetsGuard(new PriceBook(options), rules, ledger, options, metrics, NullLogger<CallCharge>.Instance);
        var agents = Agents();
        var body = Encoding.UTF8.GetBytes($$"""{"model":"gpt-4o-mini","max_tokens":500,"messages":[{"role":"user","content":"{{new string('x', 950)}}"}]}""");
        var content = JsonContentReader.Read(new DocumentReading(JsonTreeParser.Parse(body, JsonLimits.Default, out _)!), JsonLimits.Default);
        var usage = new Usage(250, 100);
        return thread =>
        {
            var scope = new CallScope();
            var call = new GateCall
            {
                Id = "call",
                Door = "openai.chat",
                Principal = agents[thread],
                Action = GateActions.CallModel,
                Resource = EntityRef.Model("gpt-4o-mini"),
                Context = new CallContext
                {
                    At = DateTimeOffset.UnixEpoch,
                    Output = new OutputDemand { TokensMax = 500, Members = ["max_tokens"], Member = "max_completion_tokens", LegacyMember = "max_tokens" },
                },
                Content = content,
                Targets = [new EffectTarget("openai", "gpt-4o-mini")],
            };
            if (guard.InspectAsync(new GuardContext(call, scope), default).AsTask().GetAwaiter().GetResult() is Verdict.Deny)
            {
                throw new InvalidOperationException("The bench's budget is too small.");
            }

            scope.Charge!.SettleAsync(new CallEnding(CallEndingKind.Answered, usage)).AsTask().GetAwaiter().GetResult();
        };
    }

    private static Principal[] Agents() => [.. Enumerable.Range(0, 2).Select(n => new Principal { Id = "agent_" + n, Tenant = "t", KeyId = "k" + n })];

    private static (BudgetLedger Ledger, RuleSet Rules, BudgetOptions Options, BudgetMetrics Metrics) Parts()
    {
        var options = new BudgetOptions
        {
            Rules =
            {
                new BudgetRule { Name = "agent", LimitUsd = 1_000_000_000m },
                new BudgetRule { Name = "tenant", LimitUsd = 1_000_000_000m, Per = BudgetPer.Tenant, Window = BudgetWindow.Month },
            },
        };
        var (rules, metrics) = (new RuleSet(options), new BudgetMetrics());
        return (new BudgetLedger(rules, options, null, TimeProvider.System, metrics, [], NullLogger<BudgetLedger>.Instance), rules, options, metrics);
    }

    private static async Task<double> DurableAsync(string path, AuditDurability durability, bool postings)
    {
        const int Callers = 256;
        const int Calls = 20_000;
        await using var services = new ServiceCollection().AddLogging()
            .Configure<AuditOptions>(options => options.Durability = durability)
            .AddEmbeddedStorage(path).BuildServiceProvider();
        await services.GetRequiredService<IStorageInitializer>().InitializeAsync(CancellationToken.None);
        var ids = new SystemIdSource(TimeProvider.System);
        using var metrics = new AuditMetrics();
        await using var recorder = new DecisionRecorder(
            services.GetRequiredService<IAuditLog>(),
            FixedLogKeySource.Fresh(ids),
            services.GetRequiredService<IOptions<AuditOptions>>().Value,
            TimeProvider.System,
            ids,
            metrics,
            NullLogger<DecisionRecorder>.Instance);
        await recorder.InitializeAsync(CancellationToken.None);
        var window = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
        BudgetPosting[] amounts = postings ? [new("agent", "principal/a", window, 90_000), new("tenant", "tenant", window, 90_000)] : [];
        var next = 0;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) <= Calls)
            {
                var id = ids.NewId();
                await recorder.AppendAsync(new DecisionRecord(Entry(EntryKind.Intent, id)), CancellationToken.None);
                await recorder.AppendAsync(new DecisionRecord(Entry(EntryKind.Outcome, id)), CancellationToken.None);
            }
        })));
        return Calls / Stopwatch.GetElapsedTime(started).TotalSeconds;

        LogEntryBody Entry(EntryKind kind, string call) => new()
        {
            Id = ids.NewId(),
            Kind = kind,
            At = window,
            Tenant = "t",
            CallId = call,
            Door = "openai.chat",
            Principal = "agent_0",
            Action = GateActions.CallModel,
            Resource = EntityRef.Model("gpt-4o-mini"),
            Decision = DecisionKind.Allow,
            Outcome = kind == EntryKind.Outcome ? OutcomeKind.Completed : null,
            Budgets = [.. amounts],
        };
    }
}
