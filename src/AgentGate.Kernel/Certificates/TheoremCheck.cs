using System.Globalization;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Syntax;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Canonical;

namespace AgentGate.Kernel.Certificates;

/// <summary>The steps <c>theorem</c> and <c>votes</c>: the decision is taken anew, by the code that took it.</summary>
internal static class TheoremCheck
{
    public static StepResult Theorem(VerificationInput input)
    {
        if (input.WithoutEvidence() is { } without)
        {
            return without;
        }

        var (certificate, bundle) = (input.Certificate, input.Bundle);
        var document = bundle.Alpha!;
        if (Work(document, bundle) > VerifierLimits.WorkMax)
        {
            return StepResult.Failed("re-executing it would take more work than this verifier does for one decision");
        }

        var alpha = document.ToAlpha();
        var knowledge = new Knowledge
        {
            Policies = Authorizer.Create(ReadPolicies(bundle)),
            PolicySetHash = bundle.Gamma!.PolicySetHash,
            Settings = bundle.Settings!,
            Grants = input.Grants,
        };
        var derived = CertificateProof.Of(
            Admissibility.Theorem.Evaluate(alpha, knowledge, input.CountVotes().Yes),
            alpha,
            new CertificateProof.Binding(certificate.ContentDigest, certificate.Nonce, certificate.CreatedAt, certificate.NotAfter),
            bundle.Settings!.Validity);
        return Difference(certificate, derived) is { } difference
            ? StepResult.Failed(difference)
            : StepResult.Ok(string.Create(
                CultureInfo.InvariantCulture,
                $"re-executed: {AdmissibilityWords.Of(derived.Result)}, every predicate and witness as stated ({alpha.Questions.Length} questions, {bundle.Policies!.Value.Length} policies)"));
    }

    public static StepResult Votes(VerificationInput input)
    {
        if (!IsRequired(input.Certificate.Predicates[(int)Predicate.ObligationsMet]))
        {
            return StepResult.Skipped("no votes are required");
        }

        if (input.Bundle.Erased)
        {
            return StepResult.Skipped("the evidence was erased");
        }

        if (input.Bundle.Settings is not { } settings)
        {
            return StepResult.Failed("the settings that name the safety nodes are not in the bundle");
        }

        var (yes, wrong) = input.CountVotes();
        var enough = settings.Quorum is { } quorum && yes >= quorum.Votes;
        return wrong is not null ? StepResult.Failed($"the vote of {wrong} does not count: another node, question or signature, or a second one")
            : enough || input.Certificate.Result != AdmissibilityResult.Admissible
                ? StepResult.Ok(string.Create(CultureInfo.InvariantCulture, $"{yes} safety nodes voted yes, {settings.Quorum?.Votes ?? 0} are needed"))
            : StepResult.Failed(string.Create(CultureInfo.InvariantCulture, $"{yes} safety nodes voted yes, {settings.Quorum?.Votes ?? 0} are needed"));
    }

    private static string? Difference(DecisionCertificate certificate, CertificateProof derived)
    {
        foreach (var (stated, anew) in certificate.Predicates.Zip(derived.Predicates))
        {
            var name = AdmissibilityWords.Of(anew.Predicate);
            if (stated.Value != anew.Value)
            {
                return $"{name}: re-executed {AdmissibilityWords.Of(anew.Value)}, the certificate states {AdmissibilityWords.Of(stated.Value)}";
            }

            if (!stated.Witness.Span.SequenceEqual(anew.Witness.Span))
            {
                return $"{name}: re-executed it has another witness than the certificate states";
            }
        }

        if (certificate.Result != derived.Result || certificate.ProofType != derived.Type)
        {
            return $"re-executed it is {AdmissibilityWords.Of(derived.Result)} ({CertificateWords.Of(derived.Type)}), the certificate states {AdmissibilityWords.Of(certificate.Result)} ({CertificateWords.Of(certificate.ProofType)})";
        }

        var output = new CanonicalBuffer(certificate.Payload.Length);
        var json = new CanonicalWriter(output);
        derived.WritePayload(ref json);
        return output.Written.SequenceEqual(certificate.Payload.Span) ? null : "re-executed the proof is another one than the certificate states";
    }

    private static PolicySet ReadPolicies(ProofBundle bundle)
    {
        var policies = new List<Policy>();
        foreach (var (id, isTemplate, json) in bundle.Policies!.Value)
        {
            var policy = PolicyJson.Parse(id, json.Span);
            policies.Add(policy.IsTemplate == isTemplate ? policy : throw new FormatException("A policy is said to be a template and is none, or the other way round."));
        }

        return PolicySet.Empty.AddRange(policies);
    }

    private static long Work(AlphaDocument alpha, ProofBundle bundle)
        => VerifierLimits.Work(
            alpha.Asked.Length, bundle.Policies!.Value.Sum(static policy => VerifierLimits.Units(policy.Json.Length)), alpha.Canonical.Length);

    private static bool IsRequired(PredicateFinding obligations)
    {
        if (obligations.Value == PredicateValue.NotEvaluated)
        {
            return false;
        }

        using var document = StrictJson.Parse(obligations.Witness.Span);
        return document.Root("witness")["required"]
            .Items(int.MaxValue, static item => item["obligation"].Text()).Contains(Obligations.QuorumRequired, StringComparer.Ordinal);
    }
}
