using System.Collections.Frozen;

namespace AgentGate.Identity;

/// <summary>The published names of the permissions about personal data, and the scope that each is.</summary>
internal static class PiiPermissionValues
{
    private const string Prefix = "pii:";

    /// <summary>The names, in the order in which they were published: eight begin with <c>pii:</c>, four do not.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "pii:store", "pii:retrieve", "pii:delete", "pii:bulk_retrieve", "pii:clear_session", "pii:clear_all", "pii:export", "pii:audit_read",
        "key:rotate", "key:view", "config:view", "config:modify",
    ];

    private static readonly FrozenSet<string> s_all = All.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a text is such a name.</summary>
    public static bool IsOne(string? text) => text is not null && s_all.Contains(text);

    /// <summary>The scope that a permission is: <c>config:view</c> alone would say too little.</summary>
    public static string ScopeOf(string permission) => permission.StartsWith(Prefix, StringComparison.Ordinal) ? permission : Prefix + permission;
}
