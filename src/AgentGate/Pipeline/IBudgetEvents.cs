namespace AgentGate.Pipeline;

/// <summary>Hears when a budget passes a threshold; once per threshold and window. Thread-safe, quick, and does not throw.</summary>
internal interface IBudgetEvents
{
    /// <summary>A budget passed a threshold.</summary>
    /// <param name="tenant">The tenant of the call that passed it.</param>
    /// <param name="state">Where the budget stands.</param>
    /// <param name="threshold">The threshold, a fraction of the limit.</param>
    void Passed(string tenant, BudgetState state, decimal threshold);
}
