using System.Collections.Immutable;
using AgentGate.Cedar.Entities;

namespace AgentGate.Kernel.Delegation;

/// <summary>Whether one grant is narrower than another (child ⊑ parent). Pure and thread-safe.</summary>
public static class GrantNarrowing
{
    /// <summary>Finds what a child has that its parent does not give.</summary>
    /// <param name="child">The grant that names the other as its parent.</param>
    /// <param name="parent">The other.</param>
    /// <returns>The first failing rule's word of <see cref="ChainReasons"/>, or <see langword="null"/> where the child is narrower.</returns>
    public static string? Fault(Grant child, Grant parent)
    {
        ArgumentNullException.ThrowIfNull(child);
        ArgumentNullException.ThrowIfNull(parent);
        return child.Tenant != parent.Tenant ? ChainReasons.CrossTenant
            : child.Principal != parent.Delegate ? ChainReasons.DelegateMismatch
            : WiderBy(child, parent);
    }

    /// <summary>The same without tenant and names, which chains check by themselves.</summary>
    internal static string? WiderBy(Grant child, Grant parent)
    {
        if (!AreActionsCovered(child.Actions, parent.Actions))
        {
            return ChainReasons.ActionAttenuation;
        }

        if (!AreScopesCovered(child.ResourceScope, parent.ResourceScope))
        {
            return ChainReasons.ScopeAttenuation;
        }

        if (!parent.Obligations.All(obligation => child.Obligations.Contains(obligation, StringComparer.Ordinal)))
        {
            return ChainReasons.ObligationAttenuation;
        }

        if (!AreConstraintsCovered(child.Constraints, parent.Constraints))
        {
            return ChainReasons.ConstraintAttenuation;
        }

        return child.IssuedAt < parent.IssuedAt || child.ExpiresAt > parent.ExpiresAt ? ChainReasons.ExpiryAttenuation : null;
    }

    /// <summary>Whether a grant has an action.</summary>
    internal static bool HasAction(Grant grant, string action)
        => grant.Actions.Contains(action, StringComparer.Ordinal) || IsEveryAction(grant.Actions);

    /// <summary>Whether a grant covers a resource. A scope that is not one covers nothing.</summary>
    internal static bool HasResource(Grant grant, EntityUid resource)
    {
        var type = resource.Type.BaseName;
        foreach (var text in grant.ResourceScope)
        {
            if (GrantScope.TryParse(text, out var scope) && scope.Covers(type, resource.Id))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsEveryAction(ImmutableArray<string> actions) => actions is ["*"];

    private static bool AreActionsCovered(ImmutableArray<string> child, ImmutableArray<string> parent)
        => IsEveryAction(parent) || child.All(action => action != "*" && parent.Contains(action, StringComparer.Ordinal));

    private static bool AreScopesCovered(ImmutableArray<string> child, ImmutableArray<string> parent)
    {
        var wider = parent.Select(static text => GrantScope.TryParse(text, out var scope) ? scope : null).ToArray();
        foreach (var text in child)
        {
            if (!GrantScope.TryParse(text, out var scope) || !Array.Exists(wider, one => one is not null && one.Covers(scope)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreConstraintsCovered(GrantConstraints child, GrantConstraints parent)
        => (parent.Doors is not { } doors || (child.Doors is { } fewer && fewer.All(door => doors.Contains(door, StringComparer.Ordinal))))
            && (parent.SourceNetworks is not { } networks || (child.SourceNetworks is { } smaller && smaller.All(network => IsWithin(network, networks))))
            && (parent.ByModel is not false || child.ByModel is false);

    private static bool IsWithin(string network, ImmutableArray<string> networks)
        => CedarIpAddress.TryParse(network, out var inner)
            && networks.Any(text => CedarIpAddress.TryParse(text, out var outer) && inner.IsInRange(outer));
}
