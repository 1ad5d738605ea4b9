using System.Security.Claims;
using AgentGate.Dashboard;
using AgentGate.Diagnostics;
using AgentGate.Server.Access;

namespace AgentGate.Server.Identity;

/// <summary>Lets a signed-in browser to the pages, their files and their circuit, and nobody else. A key opens none of them.</summary>
internal sealed class PageDoor(SignIns signIns, GateMetrics metrics)
{
    /// <summary>Whether the request may go on; otherwise it is answered.</summary>
    public async Task<bool> AdmitAsync(HttpContext context, PageRequirement requirement)
    {
        if (!IsOwnOrigin(context.Request))
        {
            // Another port of this machine is the same site to a browser, so the cookie alone would not keep it out.
            metrics.Refusal("pages", Codes.PageFromElsewhere);
            await SignInPages.WriteAsync(context, StatusCodes.Status403Forbidden, Codes.PageFromElsewhere, SignInPages.FromElsewhere);
            return false;
        }

        if (await signIns.FindByCookieAsync(SignInCookie.Read(context.Request), context.RequestAborted) is not { } signedIn)
        {
            metrics.Refusal("pages", Codes.SignInNeeded);
            await SignInPages.WriteAsync(context, StatusCodes.Status401Unauthorized, Codes.SignInNeeded, SignInPages.Needed);
            return false;
        }

        context.User = new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(SignIns.IdClaim, signedIn.Session.Id), new Claim(ClaimTypes.NameIdentifier, signedIn.User.Id), new Claim(ClaimTypes.Role, signedIn.User.Role)],
            authenticationType: "sign-in"));
        context.SetCaller(signedIn.ToCaller(CallerKind.Cookie));
        if (!requirement.IsDocument)
        {
            // Files carry their own validators; kept, they need not be sent again.
            context.Response.Headers.Remove("Cache-Control");
        }
        else
        {
            var nonce = PageNonce.Of(context);
            context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy(nonce);
            context.Response.Headers["Referrer-Policy"] = "same-origin";
        }

        return true;
    }

    /// <summary>Whether a request that says where it comes from comes from here.</summary>
    public static bool IsOwnOrigin(HttpRequest request)
        => request.Headers.Origin is not { Count: > 0 } origin
            || (origin.Count == 1 && string.Equals(origin[0], $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase));

    /// <summary>What a page may load and run. The components write style attributes; nothing else is relaxed.</summary>
    public static string ContentSecurityPolicy(string nonce)
        => "default-src 'none'; "
            + $"script-src 'nonce-{nonce}' 'strict-dynamic'; "
            + $"style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; "
            + "img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
            + "base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
}
