using AgentGate.Kernel.Decisions;

namespace AgentGate.Chat;

/// <summary>The principal of a call made in process. The process is trusted, so the scope that opens the doors is given here.</summary>
internal static class SdkPrincipal
{
    public const string DefaultId = "app";
    public const string DefaultTenant = "default";

    public static Principal Of(string id, string tenant) => new() { Id = id, Tenant = tenant, Scopes = [Pipeline.Scopes.Doors] };
}
