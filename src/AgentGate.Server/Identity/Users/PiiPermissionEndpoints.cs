using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Mvc;

namespace AgentGate.Server.Identity.Users;

/// <summary>What users may do with personal data: given by name, for a while, by somebody who may do it.</summary>
internal static class PiiPermissionEndpoints
{
    private const int DaysMax = 3650;
    private const int ReasonMax = 500;

    public static IEndpointRouteBuilder MapPiiPermissions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/pii/permissions").WithTags("Personal data");
        group.MapGet("/available", () => TypedResults.Ok(new PiiPermissionNames(PiiPermissionValues.All))).RequireCaller()
            .WithSummary("List the permissions about personal data there are.");
        group.MapGet(string.Empty, ListAsync).RequireScope(Scopes.UserUpdate).Produces<PiiPermissionList>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("List the permissions about personal data that a user has.");
        group.MapPost(string.Empty, GrantAsync).RequireScope(Scopes.UserUpdate).RequireStepUp()
            .Reads<PiiPermissionDraft>().Produces<PiiPermissionEntry>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Give a user a permission about personal data, for a while or until it is taken back.");
        group.MapDelete("/{id}", RevokeAsync).RequireScope(Scopes.UserUpdate).RequireStepUp()
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Take a permission about personal data back.");
        return routes;
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, UserAdministration users, IPiiPermissionStore store, TimeProvider time, [FromQuery(Name = "user_id")] string? userId,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(userId))
        {
            return Invalid("`user_id` says whose.", "user_id");
        }

        if (await users.FindAsync(context, userId, cancellationToken) is not { } user)
        {
            return UserAdministration.NotFound();
        }

        // One that has expired is none.
        var now = time.GetUtcNow();
        var found = (await store.ListAsync(user.Tenant, user.Id, cancellationToken)).Where(one => one.IsGood(now));
        return TypedResults.Ok(new PiiPermissionList([.. found.Select(PiiPermissionEntry.Of)]));
    }

    private static async Task<IResult> GrantAsync(
        HttpContext context, UserAdministration users, IPiiPermissionStore store, IdentityActs acts, Escalations escalations, IIdSource ids, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var (draft, fault) = await JsonBody.ReadAsync<PiiPermissionDraft>(context, Codes.PiiPermissionInvalid);
        if (draft is null)
        {
            return fault!;
        }

        var (principal, now) = (context.GetPrincipal(), time.GetUtcNow());
        if (!PiiPermissionValues.IsOne(draft.Permission))
        {
            return Invalid("`permission` is one of GET /api/pii/permissions/available.", "permission");
        }

        if (draft.ExpiresAt is { } end && (end <= now || end > now.AddDays(DaysMax)))
        {
            return Invalid($"`expires_at` is in the future, at most {DaysMax} days from now.", "expires_at");
        }

        if (draft.Reason?.Length > ReasonMax)
        {
            return Invalid($"`reason` has at most {ReasonMax} characters.", "reason");
        }

        if (await users.FindAsync(context, draft.UserId, cancellationToken) is not { } user)
        {
            return UserAdministration.NotFound();
        }

        if (user.Id == principal.Id)
        {
            return UserRules.Oneself("Nobody gives permissions to oneself; ask somebody else who may.");
        }

        if (!principal.Scopes.Contains(PiiPermissionValues.ScopeOf(draft.Permission)))
        {
            await escalations.RefusedAsync(context, "pii.permission-granted", user.Id);
            return ApiProblem.Of(StatusCodes.Status403Forbidden, Codes.GivesBeyondOwn, "Nobody gives a permission they have not.", "permission");
        }

        if (await EndOfOwnAsync(context, users, store, draft.Permission, now, cancellationToken) is { } own && (draft.ExpiresAt is not { } until || until > own))
        {
            await escalations.RefusedAsync(context, "pii.permission-granted", user.Id);
            return ApiProblem.Of(
                StatusCodes.Status403Forbidden, Codes.GivesBeyondOwn, $"Nobody gives a permission for longer than they have it: yours ends at {own:O}; name `expires_at`.", "expires_at");
        }

        var permission = new PiiPermission
        {
            Id = "pp_" + ids.NewId().Replace("-", string.Empty, StringComparison.Ordinal),
            Tenant = principal.Tenant,
            UserId = user.Id,
            Permission = draft.Permission,
            GrantedBy = principal.Id,
            GrantedAt = now,
            ExpiresAt = draft.ExpiresAt,
            Reason = draft.Reason ?? string.Empty,
        };
        await acts.AppendAsync(context, principal.Tenant, principal.Id, "pii.permission-granted", permission.Permission, about: user.Id);
        if (await store.AddAsync(permission, now, cancellationToken))
        {
            return TypedResults.Created($"/api/pii/permissions/{permission.Id}", PiiPermissionEntry.Of(permission));
        }

        await acts.AppendAsync(context, principal.Tenant, principal.Id, "pii.permission-granted", "refused", Codes.PiiPermissionHeld, user.Id);
        return ApiProblem.Of(StatusCodes.Status400BadRequest, Codes.PiiPermissionHeld, "The user has this permission.", "permission");
    }

    private static async Task<IResult> RevokeAsync(
        HttpContext context, IPiiPermissionStore store, IdentityActs acts, string id, CancellationToken cancellationToken)
    {
        var principal = context.GetPrincipal();
        if (await store.FindAsync(principal.Tenant, id, cancellationToken) is not { } permission)
        {
            return ApiProblem.Of(StatusCodes.Status404NotFound, Codes.PiiPermissionNotFound, "There is no such permission.");
        }

        await acts.AppendAsync(context, principal.Tenant, principal.Id, "pii.permission-revoked", permission.Permission, about: permission.UserId);
        await store.RemoveAsync(principal.Tenant, id, cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>When the caller's own permission ends; <see langword="null"/> where the role carries it, or it was given without an end.</summary>
    private static async Task<DateTimeOffset?> EndOfOwnAsync(
        HttpContext context, UserAdministration users, IPiiPermissionStore store, string name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var principal = context.GetPrincipal();
        if (await users.FindAsync(context, principal.Id, cancellationToken) is not { } caller || Roles.ScopesOf(caller.Role).Contains(PiiPermissionValues.ScopeOf(name)))
        {
            return null;
        }

        var own = (await store.ListAsync(principal.Tenant, principal.Id, cancellationToken)).Where(one => one.Permission == name && one.IsGood(now)).ToArray();
        return own.Length == 0 ? now : own.Any(one => one.ExpiresAt is null) ? null : own.Max(one => one.ExpiresAt);
    }

    private static IResult Invalid(string detail, string field) => ApiProblem.Of(StatusCodes.Status400BadRequest, Codes.PiiPermissionInvalid, detail, field);
}
