namespace AgentGate.Server.Hosting;

/// <summary>
/// Headers every answer carries, also errors: nothing here is a page to frame, sniff or cache. They are put on when the answer starts, because
/// what handles an error clears what was set before.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next, IHostEnvironment environment)
{
    /// <summary>What an answer may do where its endpoint says nothing else: nothing.</summary>
    public const string NothingPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>For the reference of the API, whose pages write their own scripts.</summary>
    private const string ReferencePolicy = "frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'self'";

    private const string Permissions =
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), "
        + "hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), screen-wake-lock=(), serial=(), usb=(), "
        + "xr-spatial-tracking=(), publickey-credentials-create=(self), publickey-credentials-get=(self)";

    private readonly bool _strictTransport = !environment.IsDevelopment();

    public Task InvokeAsync(HttpContext context)
    {
        // What is kept is decided now, so that an endpoint can decide otherwise.
        context.Response.Headers.CacheControl = "no-store";
        context.Response.OnStarting(
            static state =>
            {
                var (answered, strict) = ((HttpContext, bool))state;
                Put(answered, strict);
                return Task.CompletedTask;
            },
            (context, _strictTransport));
        return next(context);
    }

    private static void Put(HttpContext context, bool strictTransport)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Permissions-Policy"] = Permissions;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["X-Permitted-Cross-Domain-Policies"] = "none";
        headers.TryAdd("Referrer-Policy", "no-referrer");
        headers.TryAdd("Content-Security-Policy", context.Request.Path.StartsWithSegments("/docs") ? ReferencePolicy : NothingPolicy);
        if (context.Response.StatusCode >= StatusCodes.Status400BadRequest)
        {
            headers.CacheControl = "no-store";
        }

        if (strictTransport && context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }
    }
}
