using AgentGate.Identity;

namespace AgentGate.Dashboard.Identity;

/// <summary>What pages call the roles.</summary>
internal static class RoleNames
{
    /// <summary>The name of a role.</summary>
    public static string Of(string role) => role switch
    {
        Roles.Admin => "Admin",
        Roles.SecurityAdmin => "Security admin",
        Roles.Approver => "Approver",
        Roles.Auditor => "Auditor",
        Roles.Developer => "Developer",
        Roles.AgentOperator => "Agent operator",
        Roles.ServiceAgent => "Service agent",
        Roles.Viewer => "Viewer",
        _ => role,
    };

    /// <summary>What a role is for, in a line.</summary>
    public static string PurposeOf(string role) => role switch
    {
        Roles.Admin => "Everything, users included.",
        Roles.SecurityAdmin => "Policies, threats and settings; no new users.",
        Roles.Approver => "Decides what the gate holds for a person.",
        Roles.Auditor => "Reads, exports and verifies the log; changes nothing.",
        Roles.Developer => "Builds agents: keys, doors, traces, datasets.",
        Roles.AgentOperator => "Runs agents: keys, doors, traces.",
        Roles.ServiceAgent => "A program's account: the doors, and its own traces.",
        Roles.Viewer => "Looks.",
        _ => string.Empty,
    };
}
