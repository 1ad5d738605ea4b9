namespace AgentGate.Pipeline;

/// <summary>
/// Says that a guard is installed which holds calls for a person and resumes them. Whoever installs it registers this beside it;
/// without it nothing that demands an approval can be put in force, and nothing is held that nobody would release.
/// </summary>
internal sealed record ApprovalsInstalled;
