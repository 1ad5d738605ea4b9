using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Signing;

namespace AgentGate.Kernel.Certificates;

/// <summary>Counts votes: what is unsigned, foreign, about something else or there twice is no yes. Pure and thread-safe.</summary>
public static class VoteCount
{
    /// <summary>How many different nodes said yes.</summary>
    /// <param name="votes">The votes, from wherever.</param>
    /// <param name="question">What was asked.</param>
    /// <param name="quorum">The nodes whose votes count.</param>
    /// <param name="keys">The nodes' public keys, by key id.</param>
    public static int Yes(IEnumerable<SignedVote> votes, VoteQuestion question, VoteQuorum quorum, Func<string, VerificationKey?> keys)
    {
        ArgumentNullException.ThrowIfNull(votes);
        ArgumentNullException.ThrowIfNull(quorum);
        var yes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var vote in votes)
        {
            if (vote.Vote.IsYes && Counts(vote, question, quorum, keys))
            {
                yes.Add(vote.Vote.NodeId);
            }
        }

        return yes.Count;
    }

    /// <summary>Whether a vote is one of the quorum's nodes', about this question, and signed with that node's key.</summary>
    /// <param name="vote">The vote.</param>
    /// <param name="question">What was asked.</param>
    /// <param name="quorum">The nodes whose votes count.</param>
    /// <param name="keys">The nodes' public keys, by key id.</param>
    public static bool Counts(SignedVote vote, VoteQuestion question, VoteQuorum quorum, Func<string, VerificationKey?> keys)
    {
        ArgumentNullException.ThrowIfNull(vote);
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(quorum);
        ArgumentNullException.ThrowIfNull(keys);
        return quorum.Nodes.Any(node => node.NodeId == vote.Vote.NodeId && node.KeyId == vote.KeyId)
            && question.IsAnsweredBy(vote.Vote)
            && keys(vote.KeyId) is { } key && vote.IsSignedBy(key);
    }
}
