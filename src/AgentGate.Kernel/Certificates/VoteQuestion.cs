using AgentGate.Kernel.Admissibility;

namespace AgentGate.Kernel.Certificates;

/// <summary>What safety nodes are asked: one decision, by the hashes that name it. Immutable.</summary>
/// <param name="DecisionId">The decision.</param>
/// <param name="AlphaHash">The hash of α.</param>
/// <param name="GammaHash">The hash of Γ.</param>
public sealed record VoteQuestion(string DecisionId, string AlphaHash, string GammaHash)
{
    /// <summary>The hash of the theorem that this build evaluates.</summary>
    public static string TheoremHash { get; } = Theorem.Hash;

    /// <summary>Whether a vote is about this very decision, request, knowledge and theorem.</summary>
    /// <param name="vote">The vote.</param>
    public bool IsAnsweredBy(Vote vote)
    {
        ArgumentNullException.ThrowIfNull(vote);
        return vote.DecisionId == DecisionId && vote.AlphaHash == AlphaHash && vote.GammaHash == GammaHash && vote.TheoremHash == TheoremHash;
    }

    /// <summary>Why the theorem does not hold when the votes themselves are left out of it.</summary>
    /// <param name="proof">The theorem, evaluated without a vote.</param>
    /// <returns>The first failing predicate, or <see langword="null"/> where nothing but votes is missing.</returns>
    public static Predicate? FailureBesideVotes(AdmissibilityProof proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        foreach (var finding in proof.Predicates)
        {
            var onlyVotes = finding.Predicate == Predicate.ObligationsMet && !proof.Unmet.IsDefaultOrEmpty
                && proof.Unmet.All(static unmet => unmet.Obligation == Obligations.QuorumRequired);
            if (finding.Value != PredicateValue.Holds && !(onlyVotes && finding.Value == PredicateValue.Fails))
            {
                return finding.Predicate;
            }
        }

        return null;
    }
}
