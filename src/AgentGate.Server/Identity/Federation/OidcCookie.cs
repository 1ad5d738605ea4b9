namespace AgentGate.Server.Identity.Federation;

/// <summary>Ties a sign-in that was begun to the browser that began it. Sent along when the provider sends the browser back, and in nothing another site makes it send.</summary>
internal static class OidcCookie
{
    private const string Plain = "agentgate_oidc";
    private const string Secure = "__Host-agentgate_oidc";

    public static string? Read(HttpRequest request) => request.Cookies[Name(request)];

    public static void Write(HttpContext context, string secret, TimeSpan lifetime)
        => context.Response.Cookies.Append(Name(context.Request), secret, Options(context.Request, lifetime));

    public static void Delete(HttpContext context) => context.Response.Cookies.Delete(Name(context.Request), Options(context.Request, null));

    private static string Name(HttpRequest request) => request.IsHttps ? Secure : Plain;

    private static CookieOptions Options(HttpRequest request, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = request.IsHttps,
        Path = "/",
        MaxAge = lifetime,
        IsEssential = true,
    };
}
