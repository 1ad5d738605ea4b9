namespace AgentGate.Server.Hosting;

/// <summary>The tenants a server knows before tenants are managed.</summary>
internal static class Tenants
{
    /// <summary>The one tenant of a new server.</summary>
    public const string Default = "default";
}
