using System.Collections.Frozen;

namespace AgentGate.Identity;

/// <summary>The roles of users, and what each may do. A role is a set of scopes and nothing else; nothing is implied by its name.</summary>
internal static class Roles
{
    public const string Admin = "admin";
    public const string SecurityAdmin = "security_admin";
    public const string Approver = "approver";
    public const string Auditor = "auditor";
    public const string Developer = "developer";
    public const string AgentOperator = "agent_operator";
    public const string ServiceAgent = "service_agent";
    public const string Viewer = "viewer";

    /// <summary>What 1.0 and its command line called an approver.</summary>
    private const string Operator = "operator";

    /// <summary>Every role, the mightiest first.</summary>
    public static IReadOnlyList<string> All { get; } = [Admin, SecurityAdmin, Approver, Auditor, Developer, AgentOperator, ServiceAgent, Viewer];

    /// <summary>The roles that pages offer where nobody asks for the others.</summary>
    public static IReadOnlyList<string> Everyday { get; } = [Admin, Approver, Auditor, Developer, Viewer];

    private static readonly FrozenDictionary<string, FrozenSet<string>> s_scopes = All.ToFrozenDictionary(
        role => role,
        role => RoleMatrix.Rows.Where(row => row.Roles.Contains(role)).Select(row => row.Scope).ToFrozenSet(StringComparer.Ordinal),
        StringComparer.Ordinal);

    /// <summary>The role a text names, or <see langword="null"/>. Case counts; <c>operator</c> is an approver.</summary>
    public static string? Parse(string? text) => text == Operator ? Approver : text is not null && s_scopes.ContainsKey(text) ? text : null;

    /// <summary>The scopes of a role; none for an unknown one.</summary>
    public static FrozenSet<string> ScopesOf(string role) => s_scopes.GetValueOrDefault(role, FrozenSet<string>.Empty);

    /// <summary>Whether a role may do everything another may: nobody gives a role that may do more than the giver.</summary>
    public static bool Covers(string role, string other) => ScopesOf(other).IsSubsetOf(ScopesOf(role));
}
