using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Kernel.Certificates;

/// <summary>Whether what a certificate states fits together (docs/formats/bundle.md, the step <c>decision</c>).</summary>
internal static class DecisionRules
{
    /// <summary>Judges a certificate by itself.</summary>
    /// <returns>What does not fit, or <see langword="null"/>.</returns>
    public static string? Fault(DecisionCertificate certificate)
    {
        var predicates = certificate.Predicates;
        var firstFive = predicates.AsSpan()[..(int)Predicate.ContextBound];
        var notEvaluated = 0;
        foreach (var finding in firstFive)
        {
            notEvaluated += finding.Value == PredicateValue.NotEvaluated ? 1 : 0;
        }

        if (notEvaluated is not (0 or 5))
        {
            return "Some of the first five predicates were evaluated and some were not; they are evaluated together.";
        }

        var evaluated = notEvaluated == 0;
        if ((predicates[(int)Predicate.ContextBound].Value != PredicateValue.NotEvaluated) != (evaluated && certificate.ContentDigest is not null))
        {
            return "ContextBound is evaluated where the others are and there is a digest of the content, and not elsewhere.";
        }

        if (!certificate.FailedPredicates.AsSpan().SequenceEqual(
            [.. predicates.Where(static finding => finding.Value == PredicateValue.Fails).Select(static finding => finding.Predicate)]))
        {
            return "The failed predicates it lists are not those that fail.";
        }

        var honey = certificate.HoneyToken is not null;
        if (certificate.Result != CertificateProof.ResultOf(predicates, honey))
        {
            return "The result does not follow from the predicates.";
        }

        if (certificate.ProofType != CertificateProof.TypeOf(certificate.Result, predicates, honey))
        {
            return "The type of proof does not follow from the predicates.";
        }

        if (certificate.UnsatCore is { } core && !core.AsSpan().SequenceEqual(certificate.FailedPredicates.AsSpan()))
        {
            return "The smallest set is not that of the failed predicates.";
        }

        if (certificate.Matched is not null && !certificate.Matched.Equals(MatchedOf(predicates[(int)Predicate.NotDenyExists])))
        {
            return "The counterexample is not what NotDenyExists matched.";
        }

        return honey && evaluated ? "A honey token was touched, and yet the theorem was evaluated."
            : certificate.TheoremHash != Theorem.Hash ? "The hash of the theorem is not that of the theorem this verifier knows."
            : HashFault(certificate, evaluated) ?? DecisionFault(certificate);
    }

    private static MatchedForbid? MatchedOf(PredicateFinding finding)
    {
        using var document = StrictJson.Parse(finding.Witness.Span);
        var witness = document.Root("witness");
        return witness.Has("matched") ? WitnessShape.ReadMatched(witness["matched"]) : null;
    }

    private static string? HashFault(DecisionCertificate certificate, bool evaluated)
        => (certificate.AlphaHash is null) == evaluated || (certificate.GammaHash is null) == evaluated || (certificate.PolicySetHash is null) == evaluated
            ? "The hashes of α, Γ and the policy set are there exactly where the theorem was evaluated."
            : null;

    private static string? DecisionFault(DecisionCertificate certificate)
    {
        var allows = certificate.Decision == DecisionKind.Allow;
        if ((certificate.Code is null) != allows)
        {
            return "A denial and a hold have a code, an allow has none.";
        }

        if (certificate.Stage == CertificateStage.Response && certificate.RequestDecisionId is null)
        {
            return "A decision on an answer names the decision on the request.";
        }

        if (certificate.Mode != CertificateMode.Enforced || !allows)
        {
            return null;
        }

        if (certificate.Result == AdmissibilityResult.Inadmissible)
        {
            return "The call was allowed although it is inadmissible.";
        }

        return certificate.Stage == CertificateStage.Request && certificate.Predicates.Any(static finding => finding.Value != PredicateValue.Holds)
            ? "The call was allowed although not every predicate holds."
            : null;
    }
}
