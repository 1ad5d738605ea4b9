using System.Net;
using AgentGate.Server.Identity;

namespace AgentGate.Server.Setup;

/// <summary>
/// Where a request to set the server up comes from. A page of this server, or of an origin the operator allowed, says so by Origin or
/// Referer. In the development environment who asks directly on the server's own machine needs no code; a name that somebody else's DNS points
/// here is not this machine. Elsewhere everybody needs it: a proxy on the same machine that adds no header looks like who sits before it.
/// </summary>
internal static class SetupOrigin
{
    private static readonly string[] s_forwarding =
        ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "X-Original-For", "X-Original-Host", "X-Original-Proto", "X-Real-IP", "Via", "CF-Connecting-IP", "True-Client-IP"];

    /// <summary>Whether a page that may set the server up sent the request.</summary>
    public static bool IsAllowed(HttpRequest request, SignInOptions options)
        => Of(request) is { } origin
            && (Same(origin, new Uri($"{request.Scheme}://{request.Host}/"))
                || options.AllowedOrigins.Append(options.PublicUrl ?? string.Empty)
                    .Any(allowed => Uri.TryCreate(allowed, UriKind.Absolute, out var uri) && Same(origin, uri)));

    /// <summary>Whether the code is not asked for: in development, directly from this machine, to a name of this machine, by a page of this machine.</summary>
    public static bool NeedsNoCode(HttpContext context, IHostEnvironment environment)
        => environment.IsDevelopment() && context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            && s_forwarding.All(header => !context.Request.Headers.ContainsKey(header))
            && IsLoopback(context.Request.Host.Host)
            && (Of(context.Request) is not { } origin || IsLoopback(origin.Host));

    private static Uri? Of(HttpRequest request)
    {
        var text = request.Headers.Origin is [{ Length: > 0 } origin] ? origin
            : request.Headers.Origin.Count == 0 && request.Headers.Referer is [{ Length: > 0 } referer] ? referer
            : null;
        return text is { Length: <= 2048 } && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 ? uri : null;
    }

    private static bool Same(Uri one, Uri other)
        => one.Scheme == other.Scheme && one.Port == other.Port
            && (string.Equals(one.Host, other.Host, StringComparison.OrdinalIgnoreCase) || (IsLoopback(one.Host) && IsLoopback(other.Host)));

    private static bool IsLoopback(string host)
        => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
