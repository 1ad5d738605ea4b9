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
        ("/.well-known/jwks.json", false),
        ("/api/auth/login", false),
        ("/api/auth/refresh", false),
        ("/api/auth/providers", false),
        ("/api/auth/captcha", false),
        ("/api/setup/status", false),
        ("/api/setup/complete", false),
        ("/api/auth/passkey/login-start", false),
        ("/api/auth/passkey/login-finish", false),
        ("/api/auth/device/code", false),
        ("/api/auth/device/token", false),
        ("/api/auth/oidc/{provider}/start", false),
        ("/api/auth/oidc/{provider}/callback", false),
        ("/api/auth/exchange", false),
        ("/sign-in", true),
        ("/openapi.json", true),
        ("/docs/api-reference/{documentName?}", true),
    ];
}
