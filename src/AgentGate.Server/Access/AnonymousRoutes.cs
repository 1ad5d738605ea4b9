namespace AgentGate.Server.Access;

/// <summary>Every route that needs no key. A test prints this table and compares it with the endpoints.</summary>
internal static class AnonymousRoutes
{
    /// <summary>The route patterns, and whether they exist in the development environment only.</summary>
    public static IReadOnlyList<(string Pattern, bool DevelopmentOnly)> All { get; } =
    [
        ("/", false),
        ("/api/health", false),
        ("/api/health/distributed", false),
        ("/health/live", false),
        ("/health/ready", false),
        ("/health/liveness", false),
        ("/health/readiness", false),
        ("/.well-known/agentgate/keys.json", false),
        ("/.well-known/agentgate/log.vkey", false),
        ("/tlog/{tenant}/vkey", false),
        ("/tlog/{tenant}/checkpoint", false),
        ("/tlog/{tenant}/tile/{**path}", false),
        ("/sign-in", false),
        ("/sign-in/link", true),
        ("/setup", false),
        ("/register", false),
        ("/.well-known/jwks.json", false),
        ("/api/auth/login", false),
        ("/api/auth/refresh", false),
        ("/api/auth/providers", false),
        ("/api/auth/captcha", false),
        ("/api/auth/register", false),
        ("/api/auth/check-mfa", false),
        ("/api/setup/status", false),
        ("/api/setup/complete", false),
        ("/api/auth/passkey/login-start", false),
        ("/api/auth/passkey/login-finish", false),
        ("/.well-known/security.txt", false),

        // Where API_REFERENCE_ACCESS_MODE makes them public; otherwise they name what they need.
        ("/openapi.json", false),
        ("/docs/api-reference", false),
        ("/api/reference", false),
        ("/docs/api-reference/scalar.js", false),
        ("/api/auth/device/code", false),
        ("/api/auth/device/token", false),
        ("/api/auth/oidc/{provider}/start", false),
        ("/api/auth/oidc/{provider}/callback", false),
        ("/api/auth/exchange", false),
    ];
}
