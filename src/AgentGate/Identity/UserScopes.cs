using System.Collections.Frozen;

namespace AgentGate.Identity;

/// <summary>What a user may do: what the role may, and what the user was given by name.</summary>
internal static class UserScopes
{
    /// <summary>The scopes at a time.</summary>
    public static FrozenSet<string> Of(User user, IReadOnlyCollection<PiiPermission> permissions, DateTimeOffset now)
    {
        var role = Roles.ScopesOf(user.Role);
        return permissions.Count == 0
            ? role
            : role.Concat(permissions.Where(one => one.IsGood(now)).Select(one => PiiPermissionValues.ScopeOf(one.Permission))).ToFrozenSet(StringComparer.Ordinal);
    }
}
