using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;
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

    /// <summary>Evaluates what a call requires.</summary>
    public static AdmissibilityQuery Of(GateCall call, CallPolicies policies, KnowledgeEpoch epoch, ImmutableArray<Attestation> attestations)
    {
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
        return new AdmissibilityQuery(new AdmissibilityEvidence(call.Id, alpha, Theorem.Evaluate(alpha, epoch.Knowledge), epoch), owners);
    }

    /// <summary>The same call with other attestations.</summary>
    public AdmissibilityQuery With(ImmutableArray<Attestation> attestations) => Evaluate(Evidence.Alpha with { Attestations = attestations }, Owners);

    /// <summary>The same call, asked more: what it required before, and what it turned out to require.</summary>
    public static AdmissibilityQuery With(AdmissibilityQuery before, CallPolicies more)
    {
        var (alpha, questions) = (before.Evidence.Alpha, more.Questions(out var owners));
        return before.Evaluate(alpha with { Questions = [.. alpha.Questions, .. questions] }, [.. before.Owners, .. owners]);
    }

    private AdmissibilityQuery Evaluate(Alpha alpha, ImmutableArray<CallPolicies.Asked> owners)
        => new(Evidence with { Alpha = alpha, Proof = Theorem.Evaluate(alpha, Evidence.Epoch.Knowledge) }, owners);
}
