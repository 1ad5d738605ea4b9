namespace AgentGate.Budgets;

/// <summary>Who has a counter of their own under a rule.</summary>
public enum BudgetPer
{
    /// <summary>Each principal (agent).</summary>
    Principal,

    /// <summary>Each key. Calls in process have none and share one counter per tenant.</summary>
    Key,

    /// <summary>Each tenant.</summary>
    Tenant,

    /// <summary>Nobody: all calls the rule covers share one counter.</summary>
    All,
}
