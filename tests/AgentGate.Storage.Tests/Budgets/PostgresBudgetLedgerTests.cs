using AgentGate.Budgets;
using AgentGate.Loopback;
using AgentGate.Pipeline;
using AgentGate.Storage.Cluster.Budgets;
using AgentGate.Storage.Cluster.Connections;
using AgentGate.Storage.Tests.Conformance;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Storage.Tests.Budgets;

public sealed class PostgresBudgetLedgerTests : BudgetLedgerConformance, IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _databases = [];

    internal static PostgresBudgetLedger Ledger(PostgresDatabase database, BudgetOptions options, TimeProvider? clock = null, params IBudgetEvents[] events)
        => new(database, new RuleSet(options), options, new BudgetMetrics(), events, new SystemIdSource(TimeProvider.System), TimeProvider.System, NullLogger<PostgresBudgetLedger>.Instance, clock, deadlineSeconds: 60);

    internal static PostgresBudgetLedger Ledger(PostgresDatabase database, BudgetOptions options, bool intentsAreDurable, ILogger<PostgresBudgetLedger> logger, TimeProvider? clock = null)
        => new(database, new RuleSet(options), options, new BudgetMetrics(), [], new SystemIdSource(TimeProvider.System), TimeProvider.System, logger, clock, deadlineSeconds: 60, intentsAreDurable);

    private protected override async Task<(IBudgetLedger First, IBudgetLedger Second)> CreateAsync(RuleSet rules, BudgetOptions options, TimeProvider? clock, IBudgetEvents events)
    {
        var database = await PostgresTestDatabase.CreateAsync();
        var another = new PostgresDatabase(PostgresUrl.Read("DATABASE_URL", database.Url));
        _databases.AddRange([database, another]);
        return (Ledger(database.Database, options, clock, events), Ledger(another, options, clock, events));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
        {
            await database.DisposeAsync();
        }
    }
}
