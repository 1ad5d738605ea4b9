using AgentGate.Budgets;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Server.Access;

namespace AgentGate.Server.Budgets;

/// <summary>Reads a principal's own budgets from the ledger.</summary>
internal sealed class OwnBudget(IBudgetLedger ledger) : IOwnBudget
{
    public async ValueTask<BudgetState?> TightestOfAsync(Principal principal, CancellationToken cancellationToken)
    {
        try
        {
            return (await ledger.StatesOfAsync(principal, cancellationToken)).Where(state => state.Subject != "all").MinBy(state => state.RemainingUsd);
        }
        catch (BudgetLedgerLostException)
        {
            // Shown on a page and decided on nowhere: nothing is shown.
            return null;
        }
    }
}
