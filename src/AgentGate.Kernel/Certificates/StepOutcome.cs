namespace AgentGate.Kernel.Certificates;

/// <summary>How a step of a verification ended. A closed set.</summary>
public enum StepOutcome
{
    /// <summary>It holds.</summary>
    Ok,

    /// <summary>It does not: the certificate is not valid.</summary>
    Failed,

    /// <summary>What it needs is rightly absent, or was not asked for.</summary>
    Skipped,
}
