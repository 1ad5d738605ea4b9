namespace AgentGate.Budgets;

/// <summary>The ledger of the budgets cannot be reached or does not answer: calls that a budget covers are denied.</summary>
internal sealed class BudgetLedgerLostException(string message, Exception? cause = null) : Exception(message, cause);
