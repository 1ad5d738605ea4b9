using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity;

/// <summary>Inviting people to one's own tenant.</summary>
internal static class InvitationRoutes
{
    public static void MapInvitations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/invitations").WithTags("Users");
        group.MapPost(string.Empty, CreateAsync).RequireScope(Scopes.UserCreate).RequireStepUp().Reads<InvitationRequest>()
            .Produces<InvitationCreated>(StatusCodes.Status201Created).Refuses(400, 401, 403, 409, 413, 415)
            .WithSummary("Invite somebody.")
            .WithDescription("The secret and the link are in the answer and nowhere else; they work once, for seven days. Nobody is invited to be an admin, nor to a role that may do what the inviter may not.");
        group.MapGet(string.Empty, ListAsync).RequireScope(Scopes.UserCreate).Produces<InvitationList>().Refuses(401, 403)
            .WithSummary("List open invitations.").WithDescription("Those of one's own tenant, newest first, without their secrets.");
        group.MapDelete("/{id}", WithdrawAsync).RequireScope(Scopes.UserCreate).Produces(StatusCodes.Status204NoContent).Refuses(401, 403, 404)
            .WithSummary("Withdraw an invitation.").WithDescription("From then on its secret is worth nothing.");
    }

    private static async Task<IResult> CreateAsync(HttpContext context, Invitations invitations, IdentityActs acts, IOrganizations organizations, IOptions<SignInOptions> options)
    {
        var reading = await StrictBody.ReadAsync<InvitationRequest>(context);
        if (reading.Body is not { } body)
        {
            return AccountProblem.Of(reading);
        }

        var (caller, cancel) = (context.GetCaller(), context.RequestAborted);
        if (Roles.Parse(body.Role ?? Roles.Viewer) is not { } role)
        {
            return AccountProblem.Of(Codes.AccountRequestInvalid, $"`role` is one of {string.Join(", ", Roles.All)}.", "role");
        }

        if (body.Email is { } email && !EmailAddress.IsOne(email))
        {
            return AccountProblem.Of(Codes.AccountRequestInvalid, "`email` is an e-mail address in plain ASCII.", "email");
        }

        if (role == Roles.Admin || !MayGive(caller, role))
        {
            await acts.AppendAsync(context, caller.Principal.Tenant, caller.Principal.Id, "user.invited", "beyond one's own role", Codes.RoleBeyondOwn);
            if (context.RequestServices.GetService<ISecurityEvents>() is { } events)
            {
                var origin = ActOrigins.Of(context);
                await events.ReportAsync(
                    new SecurityEvent.EscalationRefused
                    {
                        Address = origin.Address, UserAgent = origin.UserAgent, Tenant = caller.Principal.Tenant, ActorId = caller.Principal.Id, Action = "user.invited",
                    },
                    cancel);
            }

            return AccountProblem.Of(
                Codes.RoleBeyondOwn, role == Roles.Admin ? "Nobody is invited to be an admin; raise the role when the user is there." : "The role may do what you may not.", "role");
        }

        if ((await invitations.ListAsync(caller.Principal.Tenant, cancel)).Count >= Invitations.OpenMax)
        {
            return AccountProblem.Of(Codes.AccountChanged, $"There are {Invitations.OpenMax} open invitations; withdraw some first.");
        }

        await acts.AppendAsync(context, caller.Principal.Tenant, caller.Principal.Id, "user.invited", role);
        var (invitation, secret) = await invitations.CreateAsync(
            caller.Principal.Tenant, caller.Principal.Id, caller.SignIn is not null, body.Email?.Trim(), role, cancel);

        // A link goes to others, so it is never made from a header that who asks can choose.
        var link = options.Value.PublicUrl is { Length: > 0 } url ? $"{url.TrimEnd('/')}/register?invitation={secret}" : $"/register?invitation={secret}";
        var organization = await organizations.OfAsync(caller.Principal.Tenant, cancel);
        var message = $"You are invited to {(organization.Name is { } name ? $"AgentGate of {name}" : "AgentGate")} as {role}. The link works once, until {invitation.ExpiresAt:yyyy-MM-dd HH:mm} UTC."
            + (organization.SupportEmail is { } support ? $" Questions: {support}." : string.Empty);
        return TypedResults.Json(
            new InvitationCreated { Id = invitation.Id, Invitation = secret, Link = link, Message = message, Email = invitation.Email, Role = role, ExpiresAt = invitation.ExpiresAt },
            statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(HttpContext context, Invitations invitations)
        => TypedResults.Ok(new InvitationList(
        [
            .. (await invitations.ListAsync(context.GetPrincipal().Tenant, context.RequestAborted)).Select(static one => new InvitationView
            {
                Id = one.Id, Email = one.Email, Role = one.Role, InvitedBy = one.Inviter, CreatedAt = one.CreatedAt, ExpiresAt = one.ExpiresAt,
            }),
        ]));

    private static async Task<IResult> WithdrawAsync(HttpContext context, Invitations invitations, IdentityActs acts, string id)
    {
        var principal = context.GetPrincipal();
        if ((await invitations.ListAsync(principal.Tenant, context.RequestAborted)).All(one => one.Id != id))
        {
            return AccountProblem.Of(Codes.AccountNotFound, "There is no such invitation.");
        }

        await acts.AppendAsync(context, principal.Tenant, principal.Id, "user.invitation-withdrawn", about: id);
        return await invitations.WithdrawAsync(principal.Tenant, id, context.RequestAborted)
            ? TypedResults.NoContent()
            : AccountProblem.Of(Codes.AccountNotFound, "There is no such invitation.");
    }

    /// <summary>A user gives no role beyond its own; a key, or a session held to few scopes, none beyond its scopes.</summary>
    private static bool MayGive(Caller caller, string role)
        => Roles.ScopesOf(role).IsSubsetOf(caller.Principal.Scopes) && (caller.SignIn is null || caller.Principal.Roles.Any(own => Roles.Covers(own, role)));
}
