using AgentGate.Diagnostics;

namespace AgentGate.Server.Hosting;

/// <summary>Who may read the description of the API, as <c>API_REFERENCE_ACCESS_MODE</c> says.</summary>
internal enum ApiReferenceAccess
{
    /// <summary>Anybody.</summary>
    Public,

    /// <summary>Whoever is authenticated.</summary>
    Authenticated,

    /// <summary>Who may change the configuration: the roles admin and security_admin, and keys with the scope.</summary>
    Admin,
}

/// <summary>Reads the setting.</summary>
internal static class ApiReferenceAccessSetting
{
    public const string Name = "API_REFERENCE_ACCESS_MODE";

    /// <summary>The setting; without one, public in development and for admins anywhere else.</summary>
    /// <exception cref="InvalidOperationException">It says something else.</exception>
    public static ApiReferenceAccess Read(IConfiguration configuration, bool development) => configuration[Name]?.ToLowerInvariant() switch
    {
        null or "" => development ? ApiReferenceAccess.Public : ApiReferenceAccess.Admin,
        "public" => ApiReferenceAccess.Public,
        "authenticated" => ApiReferenceAccess.Authenticated,

        // What 1.0 called it.
        "admin" or "admin_mcp" => ApiReferenceAccess.Admin,
        _ => throw new InvalidOperationException($"{Codes.ConfigurationInvalid}: {Name} is public, authenticated or admin."),
    };
}
