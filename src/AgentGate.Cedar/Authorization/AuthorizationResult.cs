using System.Collections.Immutable;
using AgentGate.Cedar.Evaluation;

namespace AgentGate.Cedar.Authorization;

/// <summary>The answer to a request, and what it rests on. Immutable.</summary>
/// <param name="Decision">The decision; the default is deny.</param>
/// <param name="DeterminingPolicies">The ids of the satisfied policies that decided, in the order of the set: the forbidding ones, else the permitting ones. Empty for a denial by default.</param>
/// <param name="Errors">The policies that could not be evaluated and therefore did not count, in the order of the set.</param>
public readonly record struct AuthorizationResult(
    AuthorizationDecision Decision, ImmutableArray<string> DeterminingPolicies, ImmutableArray<EvaluationError> Errors);
