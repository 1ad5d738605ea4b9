namespace AgentGate.Kernel.Admissibility;

/// <summary>What the theorem comes to. A closed set.</summary>
public enum AdmissibilityResult
{
    /// <summary>The call ended before the theorem was asked, and nothing was found against it.</summary>
    NotEvaluated,

    /// <summary>It holds.</summary>
    Admissible,

    /// <summary>It fails.</summary>
    Inadmissible,
}
