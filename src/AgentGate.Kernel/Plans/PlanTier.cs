namespace AgentGate.Kernel.Plans;

/// <summary>How much is at stake in a plan: it bounds how many steps one may have. A closed set.</summary>
public enum PlanTier
{
    /// <summary>At most 5 steps.</summary>
    Low,

    /// <summary>At most 10 steps.</summary>
    Medium,

    /// <summary>At most 20 steps. The default.</summary>
    High,

    /// <summary>At most 30 steps.</summary>
    Critical,
}
