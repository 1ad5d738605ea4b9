namespace AgentGate.Kernel.Admissibility;

/// <summary>
/// <c>Admissible(α, Γ)</c>: the conjunction of six predicates that a certificate records (docs/formats/certificate.md). The gate decides
/// with this code and a verifier re-executes it. Pure and thread-safe.
/// </summary>
public static class Theorem
{
    /// <summary>The theorem as text; its hash stands in every certificate.</summary>
    public const string Text =
        "agentgate/theorem/v1: AuthValid(a,g) & LineageValid(a,g) & PermitExists(a,g) & !DenyExists(a,g) & ObligationsMet(a,g) & ContextBound(a,g)";

    /// <summary>Evaluates the first five predicates.</summary>
    /// <param name="alpha">The request.</param>
    /// <param name="knowledge">What is in force.</param>
    /// <param name="votes">How many valid yes votes of known safety nodes there are on this request.</param>
    public static AdmissibilityProof Evaluate(Alpha alpha, Knowledge knowledge, int votes = 0) => throw new NotImplementedException();
}
