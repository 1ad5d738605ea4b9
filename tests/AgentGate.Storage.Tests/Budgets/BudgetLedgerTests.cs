using AgentGate.Budgets;
using AgentGate.Pipeline;
using AgentGate.Storage.Tests.Conformance;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Storage.Tests.Budgets;

public sealed class BudgetLedgerTests : BudgetLedgerConformance
{
    private protected override Task<(IBudgetLedger First, IBudgetLedger Second)> CreateAsync(RuleSet rules, BudgetOptions options, TimeProvider? clock, IBudgetEvents events)
    {
        var ledger = new BudgetLedger(
            rules, options, null, clock ?? TimeProvider.System, new BudgetMetrics(), [events], NullLogger<BudgetLedger>.Instance);
        return Task.FromResult<(IBudgetLedger, IBudgetLedger)>((ledger, ledger));
    }
}
