namespace AgentGate.Server.Identity;

/// <summary>The cookie of the pages. No script reads it, no other site sends it.</summary>
internal static class SignInCookie
{
    private const string Plain = "agentgate_pages";

    // The prefix makes the browser refuse the cookie from anything but this very host over https.
    private const string Secure = "__Host-agentgate_pages";

    public static string? Read(HttpRequest request) => request.Cookies[Name(request)];

    public static void Write(HttpContext context, string secret, TimeSpan lifetime)
        => context.Response.Cookies.Append(Name(context.Request), secret, Options(context.Request, lifetime));

    public static void Delete(HttpContext context) => context.Response.Cookies.Delete(Name(context.Request), Options(context.Request, null));

    private static string Name(HttpRequest request) => request.IsHttps ? Secure : Plain;

    private static CookieOptions Options(HttpRequest request, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = request.IsHttps,
        Path = "/",
        MaxAge = lifetime,
        IsEssential = true,
    };
}
