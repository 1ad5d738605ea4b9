using AgentGate.Diagnostics;
using AgentGate.Keys;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using AgentGate.Server.Identity;

namespace AgentGate.Server.Keys;

/// <summary>Making, listing and revoking keys. Users make their own; who manages keys sees and revokes those of the tenant, and can make none for others.</summary>
internal static class KeyEndpoints
{
    private static readonly string[] s_words = ["true", "false"];

    public static IEndpointRouteBuilder MapKeys(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/auth/api-keys").WithTags("Keys");
        group.MapGet("/capabilities", (HttpContext context) => TypedResults.Ok(KeyRules.Capabilities(context.GetCaller())))
            .RequireUser().RequireScope(Scopes.KeysOwn)
            .WithSummary("Tell what the caller may put into a new key: scopes, expiry, how many.");

        // What outlives a session is made by who proved to be the user just now, not by whoever found a browser open.
        group.MapPost(string.Empty, CreateAsync).RequireUser().RequireWholeSession().RequireScope(Scopes.KeysOwn).RequireStepUp()
            .Reads<KeyDraft>().Produces<NewKeyView>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary("Make a key. Its text is in the answer and nowhere else.");
        group.MapGet(string.Empty, ListAsync).RequireUser().RequireScope(Scopes.KeysOwn).Produces<KeyList>()
            .WithSummary("List one's own keys, newest first, the revoked ones too.");
        group.MapDelete("/{id}", RevokeAsync).RequireUser().RequireScope(Scopes.KeysOwn)
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Revoke a key of one's own; who manages keys, any of the tenant.");
        group.MapGet("/admin/all", ListAllAsync).RequireScope(Scopes.KeysManage).Produces<KeyList>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("List the keys of the tenant, newest first.");
        return routes;
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, ApiKeyService keys, IdentityActs acts, TimeProvider time, CancellationToken cancellationToken)
    {
        var (draft, fault) = await JsonBody.ReadAsync<KeyDraft>(context, Codes.KeyDraftInvalid);
        if (draft is null)
        {
            return fault!;
        }

        var (caller, now) = (context.GetCaller(), time.GetUtcNow());
        var (scopes, refusal) = KeyRules.Check(draft, caller);
        var (tenant, user) = (caller.Principal.Tenant, caller.Principal.Id);
        if (refusal is not null)
        {
            if (scopes.Length > 0)
            {
                await acts.AppendAsync(context, tenant, user, "key.created", "refused", Codes.KeyBeyondOwner);
            }

            return refusal;
        }

        if ((await keys.ListAsync(tenant, user, cancellationToken)).Count(key => key.IsGood(now)) >= KeyRules.KeysMax)
        {
            return ApiProblem.Of(StatusCodes.Status409Conflict, Codes.KeysTooMany, $"A user has at most {KeyRules.KeysMax} good keys; revoke one first.");
        }

        await acts.AppendAsync(context, tenant, user, "key.created", about: draft.PrincipalId);
        try
        {
            var created = await keys.CreateAsync(
                new NewApiKey
                {
                    Tenant = tenant,
                    OwnerId = user,
                    Name = draft.Name.Trim(),
                    Scopes = [.. scopes],
                    PrincipalId = draft.PrincipalId,
                    ExpiresAt = now.AddDays(draft.ExpiresInDays ?? KeyRules.DaysDefault),
                },
                cancellationToken);
            return TypedResults.Created($"/api/auth/api-keys/{created.Key.Id}", New(created, now));
        }
        catch (PrincipalTakenException)
        {
            await acts.AppendAsync(context, tenant, user, "key.created", "refused", Codes.KeyPrincipalTaken, draft.PrincipalId);
            return ApiProblem.Of(
                StatusCodes.Status409Conflict, Codes.KeyPrincipalTaken, "Keys of somebody else authenticate this agent; choose another, or leave `principal_id` out.",
                "principal_id");
        }
    }

    private static async Task<IResult> ListAsync(HttpContext context, ApiKeyService keys, TimeProvider time, CancellationToken cancellationToken)
    {
        var (principal, now) = (context.GetPrincipal(), time.GetUtcNow());
        return TypedResults.Ok(new KeyList([.. (await keys.ListAsync(principal.Tenant, principal.Id, cancellationToken)).Select(key => View(key, now))]));
    }

    private static async Task<IResult> ListAllAsync(
        HttpContext context, ApiKeyService keys, TimeProvider time, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "include_revoked")] string? includeRevoked,
        CancellationToken cancellationToken)
    {
        if (includeRevoked is not null && !s_words.Contains(includeRevoked))
        {
            return ApiProblem.Of(StatusCodes.Status400BadRequest, Codes.KeyDraftInvalid, "`include_revoked` is true or false.", "include_revoked");
        }

        var now = time.GetUtcNow();
        var found = await keys.ListAsync(context.GetPrincipal().Tenant, cancellationToken);
        return TypedResults.Ok(new KeyList([.. found.Where(key => includeRevoked == "true" || key.RevokedAt is null).Select(key => View(key, now))]));
    }

    private static async Task<IResult> RevokeAsync(
        HttpContext context, ApiKeyService keys, IdentityActs acts, string id, CancellationToken cancellationToken)
    {
        var principal = context.GetPrincipal();
        var mine = principal.Scopes.Contains(Scopes.KeysManage)
            ? await keys.ListAsync(principal.Tenant, cancellationToken)
            : await keys.ListAsync(principal.Tenant, principal.Id, cancellationToken);
        if (mine.FirstOrDefault(key => key.Id == id) is not { } found)
        {
            return ApiProblem.Of(StatusCodes.Status404NotFound, Codes.KeyNotFound, "There is no such key.");
        }

        await acts.AppendAsync(context, principal.Tenant, principal.Id, "key.revoked", found.OwnerId == principal.Id ? "own" : "another's", about: found.PrincipalId);
        await keys.RevokeAsync(principal.Tenant, id, cancellationToken);
        return TypedResults.NoContent();
    }

    private static KeyView View(ApiKey key, DateTimeOffset now) => new()
    {
        Id = key.Id,
        Prefix = ApiKeyText.Prefix + key.Id,
        Name = key.Name,
        Scopes = key.Scopes,
        PrincipalId = key.PrincipalId,
        OwnerId = key.OwnerId,
        Status = key.RevokedAt is not null ? "revoked" : key.IsGood(now) ? "active" : "expired",
        CreatedAt = key.CreatedAt,
        ExpiresAt = key.ExpiresAt,
        LastUsedAt = key.LastUsedAt,
        RevokedAt = key.RevokedAt,
    };

    private static NewKeyView New(CreatedApiKey created, DateTimeOffset now)
    {
        var view = View(created.Key, now);
        return new NewKeyView
        {
            Id = view.Id,
            Prefix = view.Prefix,
            Name = view.Name,
            Scopes = view.Scopes,
            PrincipalId = view.PrincipalId,
            OwnerId = view.OwnerId,
            Status = view.Status,
            CreatedAt = view.CreatedAt,
            ExpiresAt = view.ExpiresAt,
            Key = created.Text,
        };
    }
}
