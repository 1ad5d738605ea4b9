using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Pipeline;

namespace AgentGate.Policies;

/// <summary>One evaluation of the theorem for a call, and whose question each of α's questions is. Immutable.</summary>
/// <param name="Evidence">What was evaluated and what came out.</param>
/// <param name="Owners">For each question the request it belongs to.</param>
internal sealed record AdmissibilityQuery(AdmissibilityEvidence Evidence, ImmutableArray<CallPolicies.Asked> Owners)
{
    /// <summary>The request that is refused first: by a forbid, or because nothing permits it. <see langword="null"/> where policies refuse nothing.</summary>
    public CallPolicies.Asked? Refused
    {
        get
        {
            var (matched, missing) = (Evidence.Proof.Matched?.Question, Evidence.Proof.Missing);
            return (matched, missing) switch
            {
                (null, null) => null,
                ({ } forbidden, null) => Owners[forbidden],
                (null, { } unpermitted) => Owners[unpermitted],
                ({ } forbidden, { } unpermitted) => Owners[Math.Min(forbidden, unpermitted)],
            };
        }
    }

    /// <summary>Of this many bytes α is where nothing is known of it yet: so much is asked of everybody's call at most.</summary>
    private const int OrdinaryLength = 64 * 1024;

    /// <summary>This many questions ask few entities: below, α is not written to know how long it is.</summary>
    private const int OrdinaryQuestions = 32;

    /// <summary>What is added to α when its certificate is made, and by attestations.</summary>
    private const int LaterLength = 4 * 1024;

    /// <summary>Evaluates what a call requires.</summary>
    /// <returns>What came out, or <see langword="null"/> where no verifier would re-execute it: nothing is evaluated then.</returns>
    public static AdmissibilityQuery? Of(GateCall call, CallPolicies policies, KnowledgeEpoch epoch, ImmutableArray<Attestation> attestations)
    {
        if (policies.IsTooMuch)
        {
            return null;
        }

        var questions = policies.Questions(out var owners);
        var alpha = new Alpha
        {
            CallId = call.Id,
            Tenant = call.Principal.Tenant,
            Door = call.Door,
            Principal = call.Principal.Id,
            Action = call.Action,
            Resource = call.Resource,
            At = DateTimeOffset.FromUnixTimeMilliseconds(call.Context.At.ToUnixTimeMilliseconds()),
            Authentication = new Authentication(
                call.Principal.KeyId is null ? AuthenticationMethod.Process : AuthenticationMethod.Key, call.Principal.Id, call.Principal.Tenant, call.Principal.KeyId),
            DelegationRef = call.Context.DelegationRef,
            Attestations = attestations,

            // Chosen when the certificate is made.
            Nonce = "",
            Salt = "",
            Questions = questions,
        };
        return Fits(alpha, epoch) ? new AdmissibilityQuery(new AdmissibilityEvidence(call.Id, alpha, Theorem.Evaluate(alpha, epoch.Knowledge), epoch), owners) : null;
    }

    /// <summary>The same call with other attestations.</summary>
    public AdmissibilityQuery With(ImmutableArray<Attestation> attestations) => Evaluate(Evidence.Alpha with { Attestations = attestations }, Owners);

    /// <summary>The same call, asked more: what it required before, and what it turned out to require.</summary>
    /// <returns>What came out, or <see langword="null"/> where no verifier would re-execute it.</returns>
    public static AdmissibilityQuery? With(AdmissibilityQuery before, CallPolicies more)
    {
        if (more.IsTooMuch)
        {
            return null;
        }

        var questions = more.Questions(out var owners);
        var alpha = before.Evidence.Alpha with { Questions = [.. before.Evidence.Alpha.Questions, .. questions] };
        return Fits(alpha, before.Evidence.Epoch) ? before.Evaluate(alpha, [.. before.Owners, .. owners]) : null;
    }

    private static bool Fits(Alpha alpha, KnowledgeEpoch epoch)
    {
        var (questions, policies) = (alpha.Questions.Length, epoch.Knowledge.Policies.Policies);
        if (questions <= OrdinaryQuestions && VerifierLimits.Hold(OrdinaryLength, questions, policies))
        {
            return true;
        }

        try
        {
            return questions <= VerifierLimits.QuestionsMax && VerifierLimits.Hold(AlphaJson.Write(alpha).Length + LaterLength, questions, policies);
        }
        catch (FormatException)
        {
            // What has no canonical form at all is refused when it is to be certified, and told of there.
            return true;
        }
    }

    private AdmissibilityQuery Evaluate(Alpha alpha, ImmutableArray<CallPolicies.Asked> owners)
        => new(Evidence with { Alpha = alpha, Proof = Theorem.Evaluate(alpha, Evidence.Epoch.Knowledge) }, owners);
}
