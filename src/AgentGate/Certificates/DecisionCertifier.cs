using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Certificates;

/// <summary>
/// Makes the certificates of the gate's decisions: binds the theorem as it was evaluated to the content as it leaves, a nonce and a
/// window. Thread-safe.
/// </summary>
/// <param name="ids">Where ids, nonces and salts come from.</param>
/// <param name="settings">The settings in force, for calls that ended before any were used.</param>
/// <param name="durability">How durable the record is: <c>commit</c> or <c>write</c>.</param>
internal sealed class DecisionCertifier(IIdSource ids, AdmissibilitySettings settings, string durability) : IDecisionCertifier
{
    public CertifiedDecision Certify(DecisionFacts facts)
    {
        var call = facts.Call;
        var mode = IsShadow(facts) ? CertificateMode.Shadow : CertificateMode.Enforced;
        if (facts is { Decision: DecisionKind.Allow, Evidence: null } && mode == CertificateMode.Enforced)
        {
            throw new InvalidOperationException("A call must not be allowed that nothing was evaluated for.");
        }

        var nonce = facts.Request?.Nonce ?? facts.Voted?.Bound.Nonce ?? ids.Hex(DecisionRandom.NonceBytes);
        var (bound, evidence) = facts.Evidence is { } evaluated ? Bind(facts, evaluated, nonce) : (null, Unevaluated(facts));
        var at = facts.At < call.Context.At ? call.Context.At : facts.At;
        var draft = CertificateBody.Write(new CertificateContent
        {
            DecisionId = facts.Voted?.DecisionId ?? ids.NewId(),
            CallId = call.Id,
            Tenant = call.Principal.Tenant,
            RequestDecisionId = facts.Request?.Certificate.DecisionId ?? facts.ResumedDecisionId,
            Stage = facts.Request is null ? CertificateStage.Request : CertificateStage.Response,
            Mode = mode,
            Decision = facts.Decision,
            Code = facts.Code,
            Proof = facts.Evidence?.Proof,
            Alpha = bound,
            AlphaHash = evidence.AlphaHash,
            GammaHash = evidence.GammaHash,
            PolicySetHash = evidence.Epoch?.Knowledge.PolicySetHash,
            HoneyToken = facts.HoneyToken,
            ContentDigest = facts.ContentDigest,
            Nonce = nonce,
            Verdicts = facts.Verdicts,
            Durability = durability,

            // A clock that was set back while the call ran must not make the decision older than the call.
            CreatedAt = at,
            Validity = evidence.Epoch?.Knowledge.Settings.Validity ?? settings.Validity,
        });
        return new CertifiedDecision(draft, evidence, nonce);
    }

    /// <summary>α with what is known now, and its bytes. A decision on the answer is about the same α as the one on the request.</summary>
    private (Alpha Bound, DecisionEvidence Evidence) Bind(DecisionFacts facts, AdmissibilityEvidence evaluated, string nonce)
    {
        if (facts.Request is { Evidence: { Bound: { } before } known })
        {
            return (before, known with { Decision = facts.Decision, At = facts.At });
        }

        var alpha = facts.Voted?.Bound ?? evaluated.Alpha with { ContentDigest = facts.ContentDigest, Nonce = nonce, Salt = ids.Hex(DecisionRandom.SaltBytes) };
        var bytes = facts.Voted?.Alpha ?? AlphaJson.Write(alpha);
        if (!VerifierLimits.Hold(bytes.Length, alpha.Questions.Length, evaluated.Epoch.Knowledge.Policies.Policies))
        {
            throw new InvalidOperationException("The call asks more of the policies than a proof may hold.");
        }

        var chain = ChainFacts.Write(alpha.DelegationRef, evaluated.Epoch.Knowledge.Grants);
        return (alpha, new DecisionEvidence(
            alpha.Principal,
            bytes,
            AlphaJson.Hash(bytes.Span),
            evaluated.Epoch.GammaHash,
            evaluated.Proof.Holds ? AdmissibilityResult.Admissible : AdmissibilityResult.Inadmissible,
            facts.Voted is { Votes: { IsEmpty: false } votes } ? VoteRequest.WithVotes(chain, votes) : chain)
        {
            Bound = alpha,
            Epoch = evaluated.Epoch,
            Decision = facts.Decision,
            At = facts.At,
        });
    }

    private static DecisionEvidence Unevaluated(DecisionFacts facts)
        => new(
            facts.Call.Principal.Id,
            default,
            null,
            null,
            facts.HoneyToken is null ? AdmissibilityResult.NotEvaluated : AdmissibilityResult.Inadmissible,
            default)
        {
            Decision = facts.Decision,
            At = facts.At,
        };

    /// <summary>Whether the theorem's verdict was recorded and not enforced: the guard that asks it says so in its own.</summary>
    private static bool IsShadow(DecisionFacts facts)
    {
        foreach (var verdict in facts.Verdicts)
        {
            if (verdict is { Guard: GuardNames.Admissibility, Shadow: true })
            {
                return true;
            }
        }

        return false;
    }
}
