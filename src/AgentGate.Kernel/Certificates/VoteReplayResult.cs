using AgentGate.Kernel.Admissibility;

namespace AgentGate.Kernel.Certificates;

/// <summary>What replaying a vote showed. Immutable.</summary>
/// <param name="Outcome">The finding.</param>
/// <param name="VotedYes">What the node said.</param>
/// <param name="Failing">The first predicate that fails when the votes are left out, or <see langword="null"/> where none does.</param>
public sealed record VoteReplayResult(VoteReplayOutcome Outcome, bool VotedYes, Predicate? Failing);
