using System.Globalization;
using AgentGate.Client;
using AgentGate.Client.Delegation;
using AgentGate.Delegation;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentGate.Server.Delegation;

/// <summary>Issuing, revoking and reading the grants of one's own tenant. The scope opens the route; whether it is done is the gate's decision.</summary>
internal static class DelegationEndpoints
{
    private const int LimitMax = 200;

    public static IEndpointRouteBuilder MapDelegation(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/security").WithTags("Delegation").AddEndpointFilter(GrantProblem.Filter);
        group.MapPost("/delegation/issue", IssueAsync).RequireScope(Scopes.DelegationWrite).RequireStepUpOfUsers()
            .Reads<GrantIssueRequest>().Produces<GrantEntry>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Let somebody act under a principal's authority.");
        group.MapPost("/delegation/revoke", RevokeAsync).RequireScope(Scopes.DelegationWrite)
            .Reads<GrantRevokeRequest>().Produces<GrantRevokeResult>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("End a grant, and every grant that rests on it.");
        group.MapGet("/delegations", List).RequireScope(Scopes.DelegationRead)
            .Produces<GrantPage>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("List grants, by id.");
        group.MapGet("/delegations/{id}", Read).RequireScope(Scopes.DelegationRead)
            .Produces<GrantDetail>().ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Read a grant with its chain.");
        group.MapGet("/global-revocations", Revocations).RequireScope(Scopes.DelegationRead)
            .Produces<GrantRevocationPage>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("List revocations, newest first.");
        return routes;
    }

    private static async Task<IResult> IssueAsync(
        HttpContext context, GrantAdministration grants, GrantRegistry registry, TimeProvider time, CancellationToken cancellationToken)
    {
        var body = await GrantProblem.ReadAsync(context, AgentGateJson.Default.GrantIssueRequest, cancellationToken);
        var principal = context.GetPrincipal();
        return await grants.IssueAsync(principal, Circumstances(context, time), GrantView.Draft(body), cancellationToken) switch
        {
            GrantReply<SignedGrant>.Done(var issued) => TypedResults.Json(
                GrantView.Entry(issued, registry.Current(principal.Tenant), time.GetUtcNow()), AgentGateJson.Readable.GrantEntry, statusCode: StatusCodes.Status201Created),
            GrantReply<SignedGrant>.Refused(var refusal) => GrantProblem.Of(refusal),
            _ => throw new InvalidOperationException("The set of replies is closed."),
        };
    }

    private static async Task<IResult> RevokeAsync(HttpContext context, GrantAdministration grants, TimeProvider time, CancellationToken cancellationToken)
    {
        var body = await GrantProblem.ReadAsync(context, AgentGateJson.Default.GrantRevokeRequest, cancellationToken);
        var principal = context.GetPrincipal();
        if (body.Transitive == false)
        {
            throw GrantProblem.Invalid("transitive", "A revoked grant ends every grant that rests on it; leave `transitive` out, or send true.");
        }

        if (body.TenantId is { } tenant && tenant != principal.Tenant)
        {
            return GrantProblem.Of(GrantAdministration.NoSuchGrant("tenant_id"));
        }

        var id = body.GrantId ?? throw GrantProblem.Invalid("grant_id", "Name the grant.");
        return await grants.RevokeAsync(principal, Circumstances(context, time), id, body.Reason ?? "", cancellationToken) switch
        {
            GrantReply<RevokedGrant>.Done(var revoked) => TypedResults.Json(
                new GrantRevokeResult(GrantView.Entry(revoked.Revocation), revoked.Ended), AgentGateJson.Readable.GrantRevokeResult),
            GrantReply<RevokedGrant>.Refused(var refusal) => GrantProblem.Of(refusal),
            _ => throw new InvalidOperationException("The set of replies is closed."),
        };
    }

    private static JsonHttpResult<GrantPage> List(HttpContext context, GrantRegistry registry, TimeProvider time, string? principal, string? after, string? limit)
    {
        var (facts, most, now) = (registry.Current(context.GetPrincipal().Tenant), Limit(limit), time.GetUtcNow());
        var page = facts.Grants
            .Where(one => principal is null || one.Grant.Principal == principal || one.Grant.Delegate == principal)
            .Where(one => after is null || string.CompareOrdinal(one.Grant.Id, after) > 0)
            .OrderBy(one => one.Grant.Id, StringComparer.Ordinal)
            .Take(most)
            .ToList();
        return TypedResults.Json(
            new GrantPage(
                [.. page.Select(one => GrantView.Entry(one, facts, now))], page.Count < most ? null : page[^1].Grant.Id, facts.GrantsRoot, facts.RevocationsRoot),
            AgentGateJson.Readable.GrantPage);
    }

    private static IResult Read(HttpContext context, GrantRegistry registry, TimeProvider time, string id)
    {
        var (facts, now) = (registry.Current(context.GetPrincipal().Tenant), time.GetUtcNow());
        if (!facts.TryGetSigned(id, out var grant))
        {
            return GrantProblem.Of(GrantAdministration.NoSuchGrant("id"));
        }

        var chain = GrantChain.Follow(id, facts).Chain.Select(link => facts.TryGetSigned(link.Id, out var one) ? GrantView.Entry(one, facts, now) : null);
        return TypedResults.Json(new GrantDetail(GrantView.Entry(grant, facts, now), [.. chain.OfType<GrantEntry>()]), AgentGateJson.Readable.GrantDetail);
    }

    private static JsonHttpResult<GrantRevocationPage> Revocations(HttpContext context, GrantRegistry registry, string? limit)
    {
        var (facts, most) = (registry.Current(context.GetPrincipal().Tenant), Limit(limit));
        return TypedResults.Json(
            new GrantRevocationPage(
                [.. facts.Revocations.OrderByDescending(one => one.At).ThenBy(one => one.GrantId, StringComparer.Ordinal).Take(most).Select(GrantView.Entry)],
                facts.RevocationsSize,
                facts.RevocationsRoot),
            AgentGateJson.Readable.GrantRevocationPage);
    }

    private static int Limit(string? text)
        => text is null ? 50
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= LimitMax ? limit
            : throw GrantProblem.Invalid("limit", $"`limit` is a number from 1 to {LimitMax}.");

    private static CallContext Circumstances(HttpContext context, TimeProvider time)
        => new() { At = time.GetUtcNow(), SourceAddress = context.Connection.RemoteIpAddress };
}
