namespace AgentGate.Dashboard;

/// <summary>What a page knows of who looks at it, as claims. Shows and hides; what anybody may do the API decides.</summary>
internal static class PageClaims
{
    public const string Name = "agentgate:name";
    public const string Email = "agentgate:email";
    public const string Role = "agentgate:role";
    public const string Scope = "agentgate:scope";
}
