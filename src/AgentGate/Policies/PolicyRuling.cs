using System.Collections.Immutable;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Evaluation;
using AgentGate.Cedar.Syntax;
using AgentGate.Diagnostics;

namespace AgentGate.Policies;

/// <summary>What a policy set says to one request, by the rules of the gate.</summary>
/// <param name="Code">The code of the denial, or <see langword="null"/> where it is permitted.</param>
/// <param name="Policies">The policies that decided: the permitting, the forbidding or the ones that could not be evaluated.</param>
/// <param name="Errors">The policies that could not be evaluated.</param>
internal readonly record struct PolicyRuling(string? Code, ImmutableArray<string> Policies, ImmutableArray<EvaluationError> Errors)
{
    /// <summary>
    /// Asks a set. Beyond Cedar's own rules (default deny, forbid overrides) a forbid that cannot be evaluated forbids: in Cedar
    /// it would not count, and a policy that breaks must not open the gate.
    /// </summary>
    public static PolicyRuling Of(Authorizer authorizer, CallPolicies.Asked asked)
    {
        var (request, entities, folded) = asked.Request;
        var ruling = Of(authorizer.Policies, authorizer.Authorize(request, entities));
        if (ruling.Code is not null)
        {
            return ruling;
        }

        // Permitted as it is spelled; in lower case, and for the others of a delegation chain, only a forbid, or one that breaks, still counts.
        if (Forbidding(authorizer, request, folded) is { } forbidden)
        {
            return forbidden;
        }

        foreach (var (other, exact, lower) in asked.Beside)
        {
            if ((Forbidding(authorizer, other, exact) ?? Forbidding(authorizer, other, lower)) is { } refused)
            {
                return refused;
            }
        }

        return ruling;
    }

    private static PolicyRuling? Forbidding(Authorizer authorizer, AuthorizationRequest request, EntityStore? entities)
        => entities is not null && Of(authorizer.Policies, authorizer.Authorize(request, entities)) is { Code: not (null or Codes.NotPermitted) } forbidden
            ? forbidden
            : null;

    private static PolicyRuling Of(PolicySet policies, AuthorizationResult result)
    {
        if (!result.Errors.IsEmpty)
        {
            ImmutableArray<string> broken =
                [.. result.Errors.Select(static error => error.PolicyId).Where(id => !policies.TryGet(id, out var policy) || policy.Effect == PolicyEffect.Forbid)];
            if (!broken.IsEmpty && (result.Decision == AuthorizationDecision.Allow || result.DeterminingPolicies.IsEmpty))
            {
                return new(Codes.PolicyFailed, broken, result.Errors);
            }
        }

        return result.Decision == AuthorizationDecision.Allow
            ? new(null, result.DeterminingPolicies, result.Errors)
            : new(result.DeterminingPolicies.IsEmpty ? Codes.NotPermitted : Codes.Forbidden, result.DeterminingPolicies, result.Errors);
    }
}
