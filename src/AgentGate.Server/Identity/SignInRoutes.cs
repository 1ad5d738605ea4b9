using AgentGate.Dashboard.Identity;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity;

/// <summary>Signing out of the pages, and, in the development environment, in by a one-time link. Each act is on record.</summary>
internal static class SignInRoutes
{
    /// <summary>Where the button of a link's page sends its ticket.</summary>
    private const string LinkPath = "/sign-in/link";

    public static void MapSignIn(this IEndpointRouteBuilder routes, bool hasLinks)
    {
        routes.MapPost("/sign-out", SignOutAsync).RequireSignIn().AllowBeforePasswordChange().DisableAntiforgery().ExcludeFromDescription();
        if (hasLinks)
        {
            routes.MapPost(LinkPath, SignInAsync).DisableAntiforgery().ExcludeFromDescription();
            routes.MapPost("/api/sign-in-links", (HttpContext context, SignInTickets tickets) => TypedResults.Ok(new { link = Link(Origin(context), tickets) }))
                .RequireScope(Scopes.PagesLink)
                .ExcludeFromDescription();
        }
    }

    /// <summary>A new link.</summary>
    public static string Link(string url, SignInTickets tickets) => $"{url.TrimEnd('/')}/sign-in?ticket={tickets.Create()}";

    private static string Origin(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}";

    private static async Task SignInAsync(
        HttpContext context, SignInTickets tickets, SignIns signIns, DevelopmentUser development, IdentityActs acts, IOptions<SignInOptions> options)
    {
        // Another site must not sign a browser in to a server of its choice.
        if (!PageDoor.IsOwnOrigin(context.Request))
        {
            await SignInPages.WriteAsync(context, StatusCodes.Status403Forbidden, Codes.PageFromElsewhere, SignInPages.FromElsewhere);
            return;
        }

        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : null;
        if (!tickets.Redeem(form?["ticket"] is [{ } text] ? text : null))
        {
            await SignInPages.WriteAsync(context, StatusCodes.Status401Unauthorized, Codes.SignInLinkInvalid, SignInPages.NotGood);
            return;
        }

        var user = await development.FindAsync(context.RequestAborted);
        var (_, secret) = await acts.DoAsync(
            context, user.Tenant, user.Id, "auth.sign-in", "link",
            () => signIns.BeginAsync(user, SignInKinds.Cookie, Assurance.A1, ["link"], ActOrigins.Of(context), context.RequestAborted),
            static _ => null);
        SignInCookie.Write(context, secret, options.Value.CookieSession);
        SeeOther(context, LocalPath.Home);
    }

    private static async Task SignOutAsync(HttpContext context, SignIns signIns, IdentityActs acts)
    {
        if (await signIns.FindByCookieAsync(SignInCookie.Read(context.Request), context.RequestAborted) is { } signedIn)
        {
            await acts.AppendAsync(context, signedIn.User.Tenant, signedIn.User.Id, "auth.sign-out");
            await signIns.EndAsync(signedIn.Session, SignInEndings.SignedOut, context.RequestAborted);
        }

        SignInCookie.Delete(context);
        SeeOther(context, "/sign-in");
    }

    private static void SeeOther(HttpContext context, string path)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = path;
    }
}
