using AgentGate.Kernel.Admissibility;

namespace AgentGate.Kernel.Certificates;

/// <summary>
/// Evaluates anew what a safety node says it evaluated, and compares: a node that votes yes without evaluating is found by the
/// first request that was not to pass. Pure and thread-safe.
/// </summary>
public static class VoteReplay
{
    /// <summary>Replays a vote.</summary>
    /// <param name="vote">The vote, whose signature was checked.</param>
    /// <param name="question">The decision, by the hashes of the very α and Γ below.</param>
    /// <param name="alpha">The request.</param>
    /// <param name="knowledge">What was in force.</param>
    /// <returns>Whether the node was honest, lied, or voted on something else.</returns>
    public static VoteReplayResult Replay(SignedVote vote, VoteQuestion question, Alpha alpha, Knowledge knowledge)
    {
        ArgumentNullException.ThrowIfNull(vote);
        ArgumentNullException.ThrowIfNull(question);
        if (!question.IsAnsweredBy(vote.Vote))
        {
            return new VoteReplayResult(VoteReplayOutcome.Foreign, vote.Vote.IsYes, null);
        }

        var failing = VoteQuestion.FailureBesideVotes(Theorem.Evaluate(alpha, knowledge));
        if (vote.Vote.IsYes)
        {
            return new VoteReplayResult(failing is null ? VoteReplayOutcome.Honest : VoteReplayOutcome.Lied, true, failing);
        }

        // A node may refuse for what only it knows (policies it was not told to trust). Blaming a predicate that holds is a lie.
        var blames = Enum.TryParse<Predicate>(vote.Vote.Reason, out var blamed) ? blamed : (Predicate?)null;
        return new VoteReplayResult(blames is null || blames == failing ? VoteReplayOutcome.Honest : VoteReplayOutcome.Lied, false, failing);
    }
}
