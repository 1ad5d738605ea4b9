namespace AgentGate.Kernel.Admissibility;

/// <summary>The forbid that decided. Immutable.</summary>
/// <param name="Question">The question's place in α.</param>
/// <param name="Policy">The policy's id.</param>
/// <param name="IsError">Whether it could not be evaluated, which forbids as well.</param>
public sealed record MatchedForbid(int Question, string Policy, bool IsError);
