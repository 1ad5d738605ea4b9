using AgentGate.Pipeline;
using AgentGate.Server.Access;

namespace AgentGate.Server.Identity;

/// <summary>Whether a caller may use the tools of the MCP server: by its role, and outside development by a scope, any one of several.</summary>
internal static class McpAccess
{
    /// <summary>The scopes of which one is enough.</summary>
    public static IReadOnlyList<string> RequiredScopes { get; } = [Scopes.Doors];

    /// <summary>Judges.</summary>
    /// <param name="caller">Who asks. A key has no role, and is judged by its scopes alone, everywhere.</param>
    /// <param name="privileged">The roles that may.</param>
    /// <param name="enforceScope">Whether a scope is needed, too.</param>
    public static (bool Allowed, string Reason) Judge(Caller caller, IReadOnlyCollection<string> privileged, bool enforceScope)
    {
        var carries = RequiredScopes.Any(caller.Principal.Scopes.Contains);
        return caller.SignIn is not null && !caller.Principal.Roles.Any(privileged.Contains) ? (false, "The role may not use the tools of the MCP server.")
            : (enforceScope || caller.SignIn is null) && !carries ? (false, $"One of the scopes {string.Join(", ", RequiredScopes)} is needed.")
            : (true, "Allowed.");
    }
}
