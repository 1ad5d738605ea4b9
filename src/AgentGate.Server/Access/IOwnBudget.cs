using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Server.Access;

/// <summary>Where a principal's own budgets stand. Shows nobody else's.</summary>
internal interface IOwnBudget
{
    /// <summary>The budget with the least left, or <see langword="null"/> where none concerns the principal alone or the ledger cannot be reached.</summary>
    ValueTask<BudgetState?> TightestOfAsync(Principal principal, CancellationToken cancellationToken);
}
