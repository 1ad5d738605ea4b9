using System.Runtime.CompilerServices;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;
using AgentGate.Kernel.Delegation;
using AgentGate.Pipeline;

namespace AgentGate.Policies;

/// <summary>
/// Whether a set forbids by what the key records say of a caller: roles, scopes, the key itself. Of the others of a delegation chain the server
/// knows none of that, so such a forbid would not be held against them. Pure and thread-safe; looked at once per set.
/// </summary>
internal static class GrantorForbids
{
    private static readonly ConditionalWeakTable<Authorizer, StrongBox<bool>> s_sets = [];

    /// <summary>Whether a call's grants cannot be judged by a set: it acts under somebody else's authority, and a forbid depends on their records.</summary>
    public static bool Hinder(GateCall call, IGrantFacts grants, Authorizer authorizer)
        => call.Context.DelegationRef is not null && !ActingFor.Of(call, grants).Beside.IsEmpty && DependOnRecords(authorizer);

    /// <summary>Whether any forbid of a set speaks of roles, scopes or keys. What only may speak of them does.</summary>
    internal static bool DependOnRecords(Authorizer authorizer)
        => s_sets.GetValue(authorizer, static set => new StrongBox<bool>(set.Policies.Policies.Any(IsByRecords))).Value;

    private static bool IsByRecords(Policy policy)
        => policy.Effect == PolicyEffect.Forbid
            && (IsRole(policy.Principal) || IsRole(policy.Resource) || policy.Conditions.Any(static condition => IsByRecords(condition.Body)));

    private static bool IsRole(ScopeConstraint scope) => scope switch
    {
        ScopeConstraint.Equal(var entity) => IsRole(entity),
        ScopeConstraint.In(var entity) => IsRole(entity),
        ScopeConstraint.IsIn(_, var entity) => IsRole(entity),
        _ => false,
    };

    private static bool IsRole(EntityUid? entity) => entity?.Type == PolicyNames.Role;

    /// <summary>Depth is bounded where expressions are parsed.</summary>
    private static bool IsByRecords(Expr expression)
        => expression switch
        {
            Expr.Literal { Value: EntityUid entity } => IsRole(entity),
            Expr.GetAttribute { Attribute: "roles" or "scopes" or "keyId" } => true,
            Expr.HasAttribute { Path: var path } when path.Any(static name => name is "roles" or "scopes" or "keyId") => true,
            Expr.Is { Type: var type } when type == PolicyNames.Role => true,
            _ => false,
        }
        || expression.Children.Any(IsByRecords);
}
