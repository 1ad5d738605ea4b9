namespace AgentGate.Kernel.Admissibility;

/// <summary>What must come out of a question to the policies. A closed set.</summary>
public enum QuestionDemand
{
    /// <summary>Some permit is satisfied, and no forbid.</summary>
    Permit,

    /// <summary>No forbid is satisfied: another spelling, or another principal of a delegation chain.</summary>
    NoForbid,
}
