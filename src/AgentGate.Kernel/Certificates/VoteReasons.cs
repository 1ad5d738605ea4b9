using AgentGate.Kernel.Admissibility;

namespace AgentGate.Kernel.Certificates;

/// <summary>The words a vote gives as its reason. A closed set.</summary>
public static class VoteReasons
{
    /// <summary>Yes: everything but the votes themselves holds.</summary>
    public const string Holds = "holds";

    /// <summary>No: the parts of the question do not fit the hashes that Γ or α name.</summary>
    public const string EvidenceMismatch = "evidence_mismatch";

    /// <summary>No: the policies, or the settings, are not the ones the node was told to trust.</summary>
    public const string PoliciesNotTrusted = "policies_not_trusted";

    /// <summary>No: the settings in force do not name this node with its key.</summary>
    public const string NotANode = "not_a_node";

    /// <summary>Whether a word is in the set, for this answer.</summary>
    /// <param name="isYes">The answer.</param>
    /// <param name="reason">The word.</param>
    public static bool Fits(bool isYes, string reason)
        => isYes
            ? reason == Holds
            : reason is EvidenceMismatch or PoliciesNotTrusted or NotANode
                || (Enum.TryParse<Predicate>(reason, out var predicate) && predicate != Predicate.ContextBound && predicate.ToString() == reason);
}
