using System.Collections.Immutable;

namespace AgentGate.Pipeline;

/// <summary>The budgets of one call, as they stood when the call last touched them.</summary>
/// <param name="Budgets">One per rule that applies; empty never.</param>
/// <param name="ReservedUsd">What this call reserved.</param>
/// <param name="ChargedUsd">What it was charged, once settled.</param>
public sealed record BudgetStatus(ImmutableArray<BudgetState> Budgets, decimal ReservedUsd, decimal? ChargedUsd);
