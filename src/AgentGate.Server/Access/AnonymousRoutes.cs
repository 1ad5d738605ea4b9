namespace AgentGate.Server.Access;

/// <summary>Every route that needs no key. A test prints this table and compares it with the endpoints.</summary>
internal static class AnonymousRoutes
{
    /// <summary>The route patterns, and whether they exist in the development environment only.</summary>
    public static IReadOnlyList<(string Pattern, bool DevelopmentOnly)> All { get; } =
    [
        ("/", false),
        ("/api/health", false),
        ("/health/live", false),
        ("/health/ready", false),
        ("/.well-known/agentgate/keys.json", false),
        ("/.well-known/agentgate/log.vkey", false),
        ("/tlog/{tenant}/vkey", false),
        ("/tlog/{tenant}/checkpoint", false),
        ("/tlog/{tenant}/tile/{**path}", false),
        ("/.well-known/security.txt", false),
        ("/sign-in", true),
        ("/openapi.json", true),
        ("/docs/api-reference/{documentName?}", true),
    ];
}
