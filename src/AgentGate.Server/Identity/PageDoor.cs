using System.Security.Claims;
using AgentGate.Dashboard;
using AgentGate.Dashboard.Identity;
using AgentGate.Diagnostics;
using AgentGate.Server.Access;
using AgentGate.Server.Gateway;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity;

/// <summary>
/// Lets a signed-in browser to the pages and their circuit, and nobody else. A key opens none of them. A browser that is not signed in is shown
/// the way: to the setup where there is no user yet, else to the sign-in.
/// </summary>
internal sealed class PageDoor(SignIns signIns, FirstRun firstRun, GateMetrics metrics, IOptions<CaptchaOptions> captcha)
{
    /// <summary>Where the widget of hCaptcha comes from, for installations whose operator chose it.</summary>
    private const string HCaptchaPlaces = "https://hcaptcha.com https://*.hcaptcha.com";

    private const string SetupPath = "/setup";
    private const string SignInPath = "/sign-in";

    /// <summary>Whether a request for a page that needs a sign-in may go on; otherwise it is answered.</summary>
    public async Task<bool> AdmitAsync(HttpContext context)
    {
        if (!IsOwnOrigin(context.Request))
        {
            await RefuseElsewhereAsync(context);
            return false;
        }

        if (await FindAsync(context) is not { } signedIn)
        {
            metrics.Refusal("pages", Codes.SignInNeeded);
            if (!IsBrowsing(context))
            {
                await SignInPages.WriteAsync(context, StatusCodes.Status401Unauthorized, Codes.SignInNeeded, SignInPages.Needed);
                return false;
            }

            context.Response.Headers[AnswerWriter.CodeHeader] = Codes.SignInNeeded;
            var back = Uri.EscapeDataString(LocalPath.Of(context.Request.Path + context.Request.QueryString));
            context.Response.Redirect(await firstRun.IsDueAsync(context.RequestAborted) ? SetupPath : $"{SignInPath}?return={back}");
            return false;
        }

        if (signedIn.User.MustChangePassword && !IsOpenBeforePasswordChange(context))
        {
            metrics.Refusal("pages", Codes.PasswordChangeNeeded);
            if (IsBrowsing(context))
            {
                context.Response.Redirect("/account?change=password#password");
            }
            else
            {
                await SignInPages.WriteAsync(context, StatusCodes.Status403Forbidden, Codes.PasswordChangeNeeded, SignInPages.PasswordFirst);
            }

            return false;
        }

        Know(context, signedIn);
        Protect(context);
        return true;
    }

    /// <summary>Whether a page that is open to everybody is shown; otherwise the browser is sent on.</summary>
    public async Task<bool> OpenAsync(HttpContext context)
    {
        if (!IsOwnOrigin(context.Request))
        {
            await RefuseElsewhereAsync(context);
            return false;
        }

        Protect(context);
        var due = await firstRun.IsDueAsync(context.RequestAborted);
        if (context.Request.Path.Equals(SetupPath, StringComparison.OrdinalIgnoreCase))
        {
            return due || SendTo(context, SignInPath);
        }

        // A sign-in link is looked at whoever else there is.
        if (!context.Request.Path.Equals(SignInPath, StringComparison.OrdinalIgnoreCase) || context.Request.Query.ContainsKey("ticket"))
        {
            return true;
        }

        return await FindAsync(context) is not null ? SendTo(context, LocalPath.Of(context.Request.Query["return"]))
            : !due || SendTo(context, SetupPath);
    }

    /// <summary>Whether a request that says where it comes from comes from here.</summary>
    public static bool IsOwnOrigin(HttpRequest request)
        => request.Headers.Origin is not { Count: > 0 } origin
            || (origin.Count == 1 && string.Equals(origin[0], $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a person looks for a page, and not a program or the page's own script for something else.</summary>
    public static bool IsBrowsing(HttpContext context)
        => (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            && !context.Request.Path.StartsWithSegments("/_blazor")
            && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>What a page may load and run.</summary>
    /// <param name="nonce">The nonce of the answer.</param>
    /// <param name="hasCircuit">Whether the component library works in it; it writes style attributes.</param>
    /// <param name="others">Places of a third party whose frame, styles and questions are let in.</param>
    public static string ContentSecurityPolicy(string nonce, bool hasCircuit, string others = "")
        => "default-src 'none'; "
            + $"script-src 'nonce-{nonce}' 'strict-dynamic'; "
            + $"style-src 'self' 'nonce-{nonce}'{others}; "
            + (hasCircuit ? "style-src-attr 'unsafe-inline'; " : "worker-src 'self'; ")
            + (others.Length > 0 ? $"frame-src{others}; " : string.Empty)
            + $"img-src 'self'; font-src 'self'; connect-src 'self'{others}; manifest-src 'self'; "
            + "base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    private ValueTask<SignedIn?> FindAsync(HttpContext context) => signIns.FindByCookieAsync(SignInCookie.Read(context.Request), context.RequestAborted);

    private static bool IsOpenBeforePasswordChange(HttpContext context)
        => context.GetEndpoint()?.Metadata is { } metadata
            && (metadata.GetMetadata<OpenBeforePasswordChange>() is not null || metadata.GetMetadata<ComponentTypeMetadata>()?.Type == typeof(AccountPage));

    /// <summary>Tells the page who looks at it.</summary>
    private static void Know(HttpContext context, SignedIn signedIn)
    {
        var (user, caller) = (signedIn.User, signedIn.ToCaller(CallerKind.Cookie));
        context.User = new ClaimsPrincipal(new ClaimsIdentity(
            [
                new Claim(SignIns.IdClaim, signedIn.Session.Id), new Claim(ClaimTypes.NameIdentifier, user.Id), new Claim(ClaimTypes.Role, user.Role),
                new Claim(PageClaims.Name, user.Name), new Claim(PageClaims.Email, user.Email), new Claim(PageClaims.Role, RoleNames.Of(user.Role)),
                .. caller.Principal.Scopes.Select(scope => new Claim(PageClaims.Scope, scope)),
            ],
            authenticationType: "sign-in"));
        context.SetCaller(caller);
    }

    private void Protect(HttpContext context)
    {
        var hasCircuit = context.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.Components.ExcludeFromInteractiveRoutingAttribute>() is null;
        var others = !hasCircuit && captcha.Value.Provider == HCaptcha.Name ? " " + HCaptchaPlaces : string.Empty;
        context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy(PageNonce.Of(context), hasCircuit, others);
        context.Response.Headers["Referrer-Policy"] = "same-origin";
    }

    private static bool SendTo(HttpContext context, string path)
    {
        context.Response.Redirect(path);
        return false;
    }

    private Task RefuseElsewhereAsync(HttpContext context)
    {
        // Another port of this machine is the same site to a browser, so the cookie alone would not keep it out.
        metrics.Refusal("pages", Codes.PageFromElsewhere);
        return SignInPages.WriteAsync(context, StatusCodes.Status403Forbidden, Codes.PageFromElsewhere, SignInPages.FromElsewhere);
    }
}
