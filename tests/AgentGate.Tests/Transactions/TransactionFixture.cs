using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Tools;
using AgentGate.Transactions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Tests.Transactions;

/// <summary>A process with a gate and transactions: a record in memory, a guard that denies by name, and a store that may outlive it.</summary>
internal sealed class TransactionFixture : IServiceProvider, IDisposable
{
    private readonly TransactionRecovery _recovery;

    public TransactionFixture(ITransactionStore? store = null, FakeTimeProvider? time = null, TransactionsOptions? options = null)
    {
        Time = time ?? new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Store = store ?? new InMemoryTransactionStore();
        Options = options ?? new TransactionsOptions { RetryDelay = TimeSpan.Zero, RetryDelayMax = TimeSpan.Zero, CompensationTries = 2 };
        var (ids, wrapped, metrics) = (new SystemIdSource(TimeProvider.System), Microsoft.Extensions.Options.Options.Create(Options), new TransactionMetrics());
        var journal = new TransactionJournal(Store, metrics, NullLogger<TransactionJournal>.Instance);
        var acts = new TransactionActs(Record, ids, Time, NullLogger<TransactionActs>.Instance);
        Desk = new TransactionDesk(
            journal, new CompensationRegistry(), acts, new StepUndo(journal, wrapped, ids, Time), wrapped, ids, Time, metrics, NullLogger<TransactionDesk>.Instance);
        _recovery = new TransactionRecovery(Desk, Store, NullLogger<TransactionRecovery>.Instance);
        Gate = new Gate(
            [
                new GuardDescriptor("Identity", GuardOrder.Identity) { Request = new IdentityGuard() },
                new GuardDescriptor("Tools", GuardOrder.Tools) { Request = new ByName(Denied) },
            ],
            Record,
            new GateOptions(),
            ids,
            Time,
            new GateMetrics(),
            NullLogger<Gate>.Instance)
        {
            Services = this,
            Tools = new ToolCatalog(Microsoft.Extensions.Options.Options.Create(new ToolOptions())),
        };
    }

    public Gate Gate { get; }

    public TransactionDesk Desk { get; }

    public ITransactionStore Store { get; }

    public FakeTimeProvider Time { get; }

    public TransactionsOptions Options { get; }

    public MemoryRecord Record { get; } = new();

    /// <summary>The names of tools and compensations that the gate denies.</summary>
    public HashSet<string> Denied { get; } = new(StringComparer.Ordinal);

    /// <summary>A governed tool with one argument.</summary>
    public AIFunction Tool(string name, Func<string, string> run, Compensation? compensation = null, string tenant = "default")
        => Gate.Govern(
            AIFunctionFactory.Create((string what) => run(what), name),
            options =>
            {
                options.Compensation = compensation;
                options.Tenant = _ => tenant;
            });

    /// <summary>Calls a tool.</summary>
    public static ValueTask<object?> CallAsync(AIFunction tool, string what, CancellationToken cancellationToken = default)
        => tool.InvokeAsync(new AIFunctionArguments { ["what"] = what }, cancellationToken);

    public object? GetService(Type serviceType)
        => serviceType == typeof(TransactionDesk) ? Desk : serviceType == typeof(TransactionRecovery) ? _recovery : null;

    public void Dispose() => Desk.Dispose();

    /// <summary>What was put on record, in order.</summary>
    internal sealed class MemoryRecord : IDecisionRecorder
    {
        private readonly Lock _lock = new();
        private readonly List<LogEntryBody> _entries = [];

        /// <summary>Whether an entry cannot be put on record.</summary>
        public Func<LogEntryBody, bool> Fails { get; set; } = _ => false;

        public IReadOnlyList<LogEntryBody> Entries
        {
            get
            {
                lock (_lock)
                {
                    return [.. _entries];
                }
            }
        }

        public ValueTask<CertificateSeal?> AppendAsync(DecisionRecord record, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                if (Fails(record.Entry))
                {
                    throw new IOException("The disk is full.");
                }

                _entries.Add(record.Entry);
            }

            return default;
        }
    }

    private sealed class ByName(HashSet<string> denied) : IRequestGuard
    {
        public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
            => ValueTask.FromResult<Verdict>(
                denied.Contains(context.Call.Resource.Id) ? new Verdict.Deny("AG1202", "A policy forbids it.", DenialKind.Forbidden) : Verdict.Allowed);
    }
}
