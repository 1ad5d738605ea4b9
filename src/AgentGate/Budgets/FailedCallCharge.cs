namespace AgentGate.Budgets;

/// <summary>
/// What a call is charged that failed, was cut off or abandoned after it had left, so that nobody knows what the provider
/// consumed. A call that the provider refused, or that never reached it, costs nothing in every case.
/// </summary>
public enum FailedCallCharge
{
    /// <summary>All that it had reserved, with the prompt's tokens as reported where they are known: the budget is never passed.</summary>
    Reservation,

    /// <summary>The prompt, and as much of the answer as came, counted here.</summary>
    Estimate,

    /// <summary>Nothing.</summary>
    None,
}
