using System.Collections.Immutable;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Policies;

/// <summary>What a proof that does not hold means for the call, in the words the caller gets. Pure.</summary>
internal static class AdmissibilityDenial
{
    /// <summary>The most policies that one record names.</summary>
    private const int NamedMax = 16;

    /// <summary>The verdict on what the policies did not refuse; <see langword="null"/> where everything holds.</summary>
    /// <param name="proof">The proof.</param>
    /// <param name="mayHold">Whether somebody is there to release a call that is held.</param>
    /// <param name="mayVote">Whether safety nodes can be asked: a call that lacks nothing but their votes goes on until its content is final.</param>
    public static Verdict? Of(AdmissibilityProof proof, bool mayHold, bool mayVote)
    {
        if (proof.LineageReason is { } reason)
        {
            return Lineage(reason);
        }

        if (proof.Predicates[(int)Predicate.AuthValid].Value == PredicateValue.Fails)
        {
            return new Verdict.Deny(Codes.UnknownPrincipal, "The server's records do not name the call's principal.", DenialKind.Unauthenticated);
        }

        if (mayVote && !proof.Holds && VoteQuestion.FailureBesideVotes(proof) is null)
        {
            return null;
        }

        if (mayHold && mayVote && WaitsBesideVotes(proof))
        {
            // The votes are asked for when the call goes on.
            return Obligation([.. proof.Unmet.Where(static missing => missing.Obligation != Obligations.QuorumRequired)], mayHold);
        }

        return proof.Unmet.IsDefaultOrEmpty ? proof.Holds ? null : throw new InvalidOperationException("A proof fails and does not say why.") : Obligation(proof.Unmet, mayHold);
    }

    /// <summary>Whether a call lacks nothing but votes and what a person can give.</summary>
    private static bool WaitsBesideVotes(AdmissibilityProof proof)
        => !proof.Unmet.IsDefaultOrEmpty
            && proof.Predicates.All(static one => one.Predicate is Predicate.ObligationsMet or Predicate.ContextBound || one.Value == PredicateValue.Holds)
            && proof.Unmet.Any(static missing => missing.Obligation == Obligations.QuorumRequired)
            && proof.Unmet.Any(static missing => missing.Obligation == Obligations.ApprovalRequired)
            && proof.Unmet.All(static missing => missing.Obligation is Obligations.QuorumRequired or Obligations.ApprovalRequired);

    /// <summary>The denial of a call whose proof nobody would re-execute.</summary>
    public static Verdict.Deny TooMuch { get; } = new(
        Codes.AsksTooMuch, "The call asks more of the policies than a proof may hold; name fewer or shorter targets at a time.", DenialKind.Invalid);

    /// <summary>The denial of a chain of grants that does not hold.</summary>
    public static Verdict.Deny Lineage(string reason)
        => new(Codes.DelegationInvalid, $"The delegation the call names does not hold: {reason}.", DenialKind.Forbidden)
        {
            Findings = [new Finding("delegation", null, 1, reason)],
        };

    /// <summary>The denial of a call under a grant where a forbid may be meant for the grantors, and nobody can say.</summary>
    public static Verdict.Deny GrantorsUnknown { get; } = new(
        Codes.DelegationInvalid,
        "The policies forbid by roles, scopes or keys, and a forbid that depends on what the server does not know of the grantors cannot be held against them; such a set judges no delegation.",
        DenialKind.Forbidden)
    {
        Findings = [new Finding("delegation", null, 1, "grantors_unknown")],
    };

    /// <summary>The denial of what policies refuse.</summary>
    public static Verdict.Deny Of(PolicyRuling ruling, CallPolicies.Asked asked)
    {
        var names = ruling.Policies.Length == 1 ? $"policy {Quoted(ruling.Policies)}" : $"policies {Quoted(ruling.Policies)}";
        var (code, reason) = ruling.Code switch
        {
            Codes.Forbidden => (Codes.Forbidden, $"The {names} {(ruling.Policies.Length == 1 ? "forbids" : "forbid")} {asked.Action} on {asked.Resource}."),
            Codes.PolicyFailed => (Codes.PolicyFailed, $"The {names} could not be evaluated for {asked.Action} on {asked.Resource}, and a forbid that fails forbids."),
            Codes.NotPermitted => (Codes.NotPermitted, $"No policy permits {asked.Action} on {asked.Resource}; an operator can add one under AgentGate:Policies:Permit."),
            _ => throw new InvalidOperationException("The theorem refuses what the policies permit."),
        };

        // A tool that a request for a model names beside it is one the model is forced to call.
        return new Verdict.Deny(asked.IsForced ? Codes.ForcedToolForbidden : code, reason, DenialKind.Forbidden) { Policies = Safe(ruling.Policies) };
    }

    /// <summary>Policies by name, as findings.</summary>
    public static IEnumerable<Finding> Named(string rule, ImmutableArray<string> policies)
        => policies.IsDefaultOrEmpty ? [] : Safe(policies).Select(policy => new Finding(rule, null, 1, policy));

    /// <summary>Policies by name, in a sentence.</summary>
    public static string Quoted(ImmutableArray<string> policies)
        => policies.IsDefaultOrEmpty ? "" : string.Join(", ", Safe(policies).Select(static id => $"\"{id}\""));

    private static ImmutableArray<string> Safe(ImmutableArray<string> policies)
        => policies.IsDefaultOrEmpty ? [] : [.. policies.Take(NamedMax).Select(Spelling.OnRecord)];

    /// <summary>What cannot be made up for by waiting denies; the rest waits for a person, where there is one.</summary>
    private static Verdict Obligation(ImmutableArray<UnmetObligation> unmet, bool mayHold)
    {
        ImmutableArray<Finding> findings = [.. unmet.Select(static missing => new Finding("obligation", null, 1, Spelling.OnRecord(missing.Obligation)))];
        var first = unmet.FirstOrDefault(static missing => missing.Obligation is not Obligations.ApprovalRequired) ?? unmet[0];
        var (code, reason) = first.Obligation switch
        {
            Obligations.MfaRequired => (Codes.MfaRequired, "The call needs a second factor that the server's own records know of, and there is none."),
            Obligations.ApprovalRequired => (Codes.ApprovalRequired, "The call needs a person's approval, and there is none."),
            Obligations.PreviewConfirmRequired => (Codes.PreviewConfirmRequired, "The call needs a preview that was confirmed, and there is none."),
            Obligations.QuorumRequired => (Codes.QuorumRequired, "The call needs the votes of safety nodes, and there are not enough."),
            _ => (Codes.ObligationUnusable, "The call needs an obligation that does not exist, so nothing can fulfil it."),
        };
        return mayHold && first.Obligation == Obligations.ApprovalRequired
            ? new Verdict.Hold(code, reason) { Findings = findings }
            : new Verdict.Deny(code, reason, DenialKind.Forbidden) { Findings = findings };
    }
}
