using AgentGate.Kernel.Admissibility;

namespace AgentGate.Kernel.Plans;

/// <summary>Says in a sentence why a proof does not hold. Never repeats content; names policies, obligations and words of closed sets.</summary>
public static class ProofWords
{
    /// <summary>Why the theorem fails, by its first failing predicate.</summary>
    /// <param name="proof">A proof that does not hold.</param>
    /// <param name="action">The action that was asked for.</param>
    public static string Reason(AdmissibilityProof proof, string action)
    {
        ArgumentNullException.ThrowIfNull(proof);
        var first = proof.Predicates.FirstOrDefault(static finding => finding.Value != PredicateValue.Holds);

        // A forbid says more than that no permit was found: it is what an author wrote.
        if (proof.Matched is { } matched)
        {
            return matched.IsError
                ? $"The policy \"{matched.Policy}\" could not be evaluated for {action}, and a forbid that fails forbids."
                : $"The policy \"{matched.Policy}\" forbids {action}.";
        }

        return first?.Predicate switch
        {
            Predicate.AuthValid => "The server's records do not name this principal.",
            Predicate.LineageValid => $"The delegation does not hold: {proof.LineageReason ?? "unknown"}.",
            Predicate.PermitExists => $"No policy permits {action}.",
            Predicate.NotDenyExists => $"A policy forbids {action}.",
            Predicate.ObligationsMet => $"Not fulfilled: {string.Join(", ", proof.Unmet.Select(static unmet => unmet.Obligation))}.",
            _ => "The theorem does not hold.",
        };
    }
}
