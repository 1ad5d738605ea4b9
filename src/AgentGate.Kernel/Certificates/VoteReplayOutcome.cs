namespace AgentGate.Kernel.Certificates;

/// <summary>What replaying a vote showed. A closed set.</summary>
public enum VoteReplayOutcome
{
    /// <summary>The vote is not about this decision, request, knowledge or theorem.</summary>
    Foreign,

    /// <summary>The evaluation says what the vote says, or the vote refuses for a reason that only its node can know.</summary>
    Honest,

    /// <summary>The evaluation says something else.</summary>
    Lied,
}
