using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Pipeline;
using AgentGate.Server.Access;

namespace AgentGate.Server.Identity;

/// <summary>Seeing where one is signed in, and ending it; for admins, ending it for others of their tenant.</summary>
internal static class SessionRoutes
{
    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/auth").WithTags("Sessions");
        group.MapGet("/sessions", ListAsync).RequireUser().Produces<SessionList>().Refuses(401, 403)
            .WithSummary("List one's sessions.").WithDescription("Device, browser and address as they were when the session began, the latest active first.");
        group.MapDelete("/sessions", EndOthersAsync).RequireUser().Produces<RevokedView>().Refuses(401, 403)
            .WithSummary("End all one's other sessions.").WithDescription("At once on this server, within a second on every other. The session that asks goes on.");
        group.MapDelete("/sessions/{id}", EndAsync).RequireUser().Produces<StatusView>().Refuses(401, 403, 404)
            .WithSummary("End one of one's sessions.").WithDescription("At once on this server, within a second on every other.");
        group.MapPost("/admin/revoke-user-sessions/{user_id}", EndOfUserAsync).RequireScope(Scopes.UserUpdate).Produces<UserSessionsRevoked>().Refuses(401, 403, 404)
            .WithSummary("End every session of a user.").WithDescription("Of a user of one's own tenant. Those of somebody who manages users are ended by who may do as much.");
    }

    private static async Task<IResult> ListAsync(HttpContext context, ISignInSessionStore sessions, TimeProvider time)
    {
        var caller = context.GetCaller();
        var found = await sessions.ListAsync(caller.Principal.Tenant, caller.Principal.Id, time.GetUtcNow(), context.RequestAborted);
        return TypedResults.Ok(new SessionList(
        [
            .. found.Select(session => new SessionView
            {
                Id = session.Id,
                Device = DeviceNames.Device(session.Origin.UserAgent),
                Browser = DeviceNames.Browser(session.Origin.UserAgent),
                IpAddress = session.Origin.Address,
                Location = "Unknown",
                Kind = session.Kind,
                SessionAssurance = session.Assurance.ToString(),
                CreatedAt = session.CreatedAt,
                LastActive = session.LastActiveAt,
                ExpiresAt = session.ExpiresAt,
                IsCurrent = session.Id == caller.SignIn!.SessionId,
            }),
        ]));
    }

    private static async Task<IResult> EndOthersAsync(HttpContext context, ISignInSessionStore sessions, IdentityActs acts, TimeProvider time)
    {
        var caller = context.GetCaller();
        await acts.AppendAsync(context, caller.Principal.Tenant, caller.Principal.Id, "auth.sessions-revoked", "all others");
        return TypedResults.Ok(new RevokedView(await sessions.EndAllAsync(
            caller.Principal.Tenant, caller.Principal.Id, caller.SignIn!.SessionId, SignInEndings.Revoked, time.GetUtcNow(), context.RequestAborted)));
    }

    private static async Task<IResult> EndAsync(HttpContext context, ISignInSessionStore sessions, IdentityActs acts, TimeProvider time, string id)
    {
        var (caller, now) = (context.GetCaller(), time.GetUtcNow());
        if ((await sessions.ListAsync(caller.Principal.Tenant, caller.Principal.Id, now, context.RequestAborted)).All(session => session.Id != id))
        {
            return AccountProblem.Of(Codes.AccountNotFound, "There is no such session.");
        }

        await acts.AppendAsync(context, caller.Principal.Tenant, caller.Principal.Id, "auth.session-revoked", about: id);
        if (!await sessions.EndAsync(caller.Principal.Tenant, caller.Principal.Id, id, SignInEndings.Revoked, now, context.RequestAborted))
        {
            return AccountProblem.Of(Codes.AccountNotFound, "There is no such session.");
        }

        if (caller.Kind == CallerKind.Cookie && id == caller.SignIn!.SessionId)
        {
            SignInCookie.Delete(context);
        }

        return TypedResults.Ok(new StatusView("revoked"));
    }

    private static async Task<IResult> EndOfUserAsync(
        HttpContext context, IUserDirectory users, ISignInSessionStore sessions, IdentityActs acts, TimeProvider time, string user_id)
    {
        var (caller, now, cancel) = (context.GetCaller(), time.GetUtcNow(), context.RequestAborted);
        if (await users.FindAsync(user_id, cancel) is not { } user || user.Tenant != caller.Principal.Tenant)
        {
            return AccountProblem.Of(Codes.AccountNotFound, "There is no such user.");
        }

        if (Roles.ScopesOf(user.Role).Contains(Scopes.UserUpdate) && !Roles.ScopesOf(user.Role).IsSubsetOf(caller.Principal.Scopes))
        {
            // Whoever manages users is put out by nobody who may do less.
            await acts.AppendAsync(context, caller.Principal.Tenant, caller.Principal.Id, "auth.user-sessions-revoked", "beyond one's own role", Codes.RoleBeyondOwn, user.Id);
            return AccountProblem.Of(Codes.RoleBeyondOwn, "The user may do what you may not.");
        }

        await acts.AppendAsync(context, caller.Principal.Tenant, caller.Principal.Id, "auth.user-sessions-revoked", about: user.Id);
        var open = await sessions.ListAsync(user.Tenant, user.Id, now, cancel);
        var ended = await sessions.EndAllAsync(user.Tenant, user.Id, null, SignInEndings.Revoked, now, cancel);
        return TypedResults.Ok(new UserSessionsRevoked(open.Count(session => session.Kind == SignInKinds.Token), ended));
    }
}
