using AgentGate.Diagnostics;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Server.Access;

namespace AgentGate.Server.Identity;

/// <summary>Signing in to the pages by a one-time link, and out. Each sign-in is on record.</summary>
internal static class SignInRoutes
{
    /// <summary>The principal of who signs in by a link: whoever holds the terminal.</summary>
    private const string Person = "person_development";

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in", ShowAsync).ExcludeFromDescription();
        routes.MapPost("/sign-in", SignInAsync).DisableAntiforgery().ExcludeFromDescription();
        routes.MapPost("/sign-out", SignOut).RequireSignIn().DisableAntiforgery().ExcludeFromDescription();
        routes.MapPost("/api/sign-in-links", (HttpContext context, SignInTickets tickets) => TypedResults.Ok(new { link = Link(Origin(context), tickets) }))
            .RequireScope(Scopes.PagesLink)
            .ExcludeFromDescription();
    }

    /// <summary>A new link.</summary>
    public static string Link(string url, SignInTickets tickets) => $"{url.TrimEnd('/')}/sign-in?ticket={tickets.Create()}";

    private static string Origin(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}";

    private static Task ShowAsync(HttpContext context, SignInTickets tickets)
    {
        var ticket = context.Request.Query["ticket"];
        return ticket is [{ } text] && tickets.IsGood(text)
            ? SignInPages.WriteAsync(context, StatusCodes.Status200OK, null, SignInPages.Confirm(text))
            : SignInPages.WriteAsync(context, StatusCodes.Status401Unauthorized, Codes.SignInLinkInvalid, SignInPages.NotGood);
    }

    private static async Task SignInAsync(
        HttpContext context, SignInTickets tickets, SignInSessions sessions, IDecisionRecorder recorder, IIdSource ids, TimeProvider time)
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

        await recorder.AppendAsync(
            new DecisionRecord(new LogEntryBody
            {
                Id = ids.NewId(),
                Kind = EntryKind.Admin,
                At = time.GetUtcNow(),
                Tenant = Hosting.Tenants.Default,
                Principal = Person,
                Action = "pages.sign-in",
                Detail = "by link",
            }),
            context.RequestAborted);
        SignInCookie.Write(context, sessions.Begin());
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = "/playground";
    }

    private static void SignOut(HttpContext context, SignInSessions sessions)
    {
        sessions.End(SignInCookie.Read(context.Request));
        SignInCookie.Delete(context);
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = "/playground";
    }
}
