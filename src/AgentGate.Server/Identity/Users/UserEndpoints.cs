using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Mvc;

namespace AgentGate.Server.Identity.Users;

/// <summary>The users of one's own tenant.</summary>
internal static class UserEndpoints
{
    public static IEndpointRouteBuilder MapUsers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/users").WithTags("Users");
        group.MapGet(string.Empty, ListAsync).RequireScope(Scopes.UserRead).Produces<UserPage>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("List the users of the tenant, filtered and sorted.");
        group.MapGet("/{id}", FindAsync).RequireScope(Scopes.UserRead).Produces<UserEntry>().ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Show a user.");

        // Each of these gives somebody something, so each wants a proof of who gives.
        group.MapPost(string.Empty, CreateAsync).RequireScope(Scopes.UserCreate).RequireStepUp()
            .Reads<UserDraft>().Produces<UserEntry>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .WithSummary("Make a user.");
        group.MapPatch("/{id}", ChangeAsync).RequireScope(Scopes.UserUpdate).RequireStepUp()
            .Reads<UserPatch>().Produces<UserEntry>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .WithSummary("Change a user's address, name, role, activation or password. A new role, password or deactivation ends the user's sessions.");
        group.MapDelete("/{id}", DeactivateAsync).RequireScope(Scopes.UserDelete).RequireStepUp()
            .Produces<UserDeactivated>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary("Deactivate a user: sessions end, keys open nothing, what it did stays on record.");
        return routes;
    }

    private static async Task<IResult> ListAsync(HttpContext context, IUserDirectory users, [AsParameters] UserListParameters parameters, CancellationToken cancellationToken)
    {
        var (page, wrong) = ListPage.Read(parameters.Limit, parameters.Offset);
        if ((wrong ?? parameters.Wrong()) is { } field)
        {
            return ApiProblem.Of(StatusCodes.Status400BadRequest, Codes.UserInvalid, $"`{field}` is not usable; see /docs/api-reference.", field);
        }

        var found = parameters.Sorted((await users.ListAsync(context.GetPrincipal().Tenant, cancellationToken)).Where(parameters.Fits)).ToList();
        return TypedResults.Ok(new UserPage([.. found.Skip(page.Offset).Take(page.Limit).Select(UserEntry.Of)], found.Count, page.Limit, page.Offset));
    }

    private static async Task<IResult> FindAsync(HttpContext context, UserAdministration users, string id, CancellationToken cancellationToken)
        => await users.FindAsync(context, id, cancellationToken) is { } user ? TypedResults.Ok(UserEntry.Of(user)) : UserAdministration.NotFound();

    private static async Task<IResult> CreateAsync(HttpContext context, UserAdministration users, CancellationToken cancellationToken)
    {
        var (draft, fault) = await JsonBody.ReadAsync<UserDraft>(context, Codes.UserInvalid);
        if (draft is null)
        {
            return fault!;
        }

        var (user, refusal) = await users.CreateAsync(context, draft, cancellationToken);
        return user is null ? refusal! : TypedResults.Created($"/api/users/{user.Id}", UserEntry.Of(user));
    }

    private static async Task<IResult> ChangeAsync(HttpContext context, UserAdministration users, string id, CancellationToken cancellationToken)
    {
        if (await users.FindAsync(context, id, cancellationToken) is null)
        {
            return UserAdministration.NotFound();
        }

        var (patch, fault) = await JsonBody.ReadAsync<UserPatch>(context, Codes.UserInvalid);
        if (patch is null)
        {
            return fault!;
        }

        var (user, refusal) = await users.ChangeAsync(context, id, patch, cancellationToken);
        return user is null ? refusal! : TypedResults.Ok(UserEntry.Of(user));
    }

    private static async Task<IResult> DeactivateAsync(HttpContext context, UserAdministration users, string id, CancellationToken cancellationToken)
    {
        var (_, refusal) = await users.ChangeAsync(context, id, new UserPatch { IsActive = false }, cancellationToken);
        return refusal ?? TypedResults.Ok(new UserDeactivated("deactivated", id));
    }
}

/// <summary>The parameters of the list of users, as text: what cannot be read is answered with the parameter's name.</summary>
internal sealed record UserListParameters
{
    private const int SearchMax = 100;

    private static readonly string[] s_sorts = ["created_at", "email", "name", "role", "last_login"];

    /// <summary>A part of the name or the address.</summary>
    [FromQuery(Name = "search")]
    public string? Search { get; init; }

    [FromQuery(Name = "role")]
    public string? Role { get; init; }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    [FromQuery(Name = "is_active")]
    public string? IsActive { get; init; }

    /// <summary><c>created_at</c>, <c>email</c>, <c>name</c>, <c>role</c> or <c>last_login</c>; with a <c>-</c> in front the other way round.</summary>
    [FromQuery(Name = "sort")]
    public string? Sort { get; init; }

    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    [FromQuery(Name = "offset")]
    public string? Offset { get; init; }

    /// <summary>The name of a parameter that cannot be read.</summary>
    public string? Wrong()
        => Search?.Length > SearchMax ? "search"
            : Role is not null && Roles.Parse(Role) is null ? "role"
            : IsActive is not (null or "true" or "false") ? "is_active"
            : Sort is not null && !s_sorts.Contains(Sort.TrimStart('-')) ? "sort"
            : null;

    /// <summary>Whether a user is asked for.</summary>
    public bool Fits(User user)
        => (Search is null || user.Email.Contains(Search, StringComparison.OrdinalIgnoreCase) || user.Name.Contains(Search, StringComparison.OrdinalIgnoreCase))
            && (Role is null || user.Role == Roles.Parse(Role))
            && (IsActive is null || user.IsActive == (IsActive == "true"));

    /// <summary>The users in order; those that are alike in what they are sorted by, by their ids, so that no page repeats one.</summary>
    public IEnumerable<User> Sorted(IEnumerable<User> users)
    {
        Func<User, string> by = Sort?.TrimStart('-') switch
        {
            "email" => user => user.Email,
            "name" => user => user.Name,
            "role" => user => user.Role,
            "last_login" => user => $"{user.LastSignInAt?.UtcTicks ?? 0:d20}",
            _ => user => $"{user.CreatedAt.UtcTicks:d20}",
        };
        return Sort?.StartsWith('-') is true
            ? users.OrderByDescending(by, StringComparer.OrdinalIgnoreCase).ThenBy(user => user.Id, StringComparer.Ordinal)
            : users.OrderBy(by, StringComparer.OrdinalIgnoreCase).ThenBy(user => user.Id, StringComparer.Ordinal);
    }
}
