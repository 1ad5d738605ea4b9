using AgentGate.Budgets;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Server.Access;

namespace AgentGate.Server.Budgets;

/// <summary>Reads a principal's own budgets from the ledger.</summary>
internal sealed class OwnBudget(BudgetLedger ledger) : IOwnBudget
{
    public BudgetState? TightestOf(Principal principal)
        => ledger.StatesOf(principal).Where(state => state.Subject != "all").MinBy(state => state.RemainingUsd);
}
