using AgentGate.Approvals;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Server.Access;

namespace AgentGate.Server.Approvals;

/// <summary>The calls of one's own tenant that wait for people: seeing them, and deciding.</summary>
internal static class ApprovalEndpoints
{
    private const int ReasonMax = 1_000;

    private const string Entry =
        """
        {"approval_id":"0197b2f0-6c1a-7d0e-9b1f-3c5a7e9d1b3f","status":"pending","tool":"delete_record","inputs":{"id":7},"inputs_cut":false,
        "call_id":"0197b2f0-6c19-7d0e-9b1f-3c5a7e9d1b3f","agent_id":"agent_support","user_id":null,"door":"sdk.tool",
        "reason":"The tool \"delete_record\" needs a person's approval.","call_digest":"5f0c6d1e5a7b4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d",
        "decision_id":"0197b2f0-6c18-7d0e-9b1f-3c5a7e9d1b3f","needed":1,"votes":[],
        "created_at":"2026-11-23T10:00:00+00:00","expires_at":"2026-11-23T11:00:00+00:00","decided_at":null}
        """;

    public static IEndpointRouteBuilder MapApprovals(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/approvals").WithTags("Approvals");
        group.MapGet(string.Empty, ListAsync).RequireScope(Scopes.ApprovalRead)
            .Produces<ApprovalList>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithExample(null, $$"""{"approvals":[{{Entry}}],"total":1,"limit":100,"offset":0}""")
            .WithSummary("List approvals, newest first.")
            .WithDescription("`status` is pending, approved, denied, expired or used; `tool` and `agent_id` are exact; `limit` 1 to 500, `offset` from 0.");
        group.MapGet("/pending", ListPendingAsync).RequireScope(Scopes.ApprovalRead)
            .Produces<ApprovalList>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithExample(null, $$"""{"approvals":[{{Entry}}],"total":1,"limit":100,"offset":0}""")
            .WithSummary("List the calls that wait for people, newest first.")
            .WithDescription("As the list with `status` pending.");
        group.MapGet("/pending/count", CountAsync).RequireScope(Scopes.ApprovalRead)
            .Produces<ApprovalCount>().WithExample(null, """{"count":1}""")
            .WithSummary("Count the calls that wait for people.");
        group.MapGet("/{id}", FindAsync).RequireScope(Scopes.ApprovalRead)
            .Produces<ApprovalEntry>().ProducesProblem(StatusCodes.Status404NotFound)
            .WithExample(null, Entry)
            .WithSummary("Read one approval.");
        group.MapPost("/{id}/decide", DecideAsync).RequireScope(Scopes.ApprovalDecide).RequireStepUp()
            .Reads<ApprovalDecision>().Produces<ApprovalEntry>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound)
            .WithExample("""{"approved":true,"reason":"Checked with the customer."}""", Entry)
            .WithSummary("Approve or refuse a call.")
            .WithDescription(
                "Once, and only before it expires; nobody decides what they or their agents ask for. The act is on record before it counts. "
                + "An approval is bound to the exact call and good once.");
        return routes;
    }

    private static Task<IResult> ListAsync(
        HttpContext context, ApprovalDesk desk, TimeProvider time, string? status, string? tool, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "agent_id")] string? agentId,
        string? limit, string? offset, CancellationToken cancellationToken)
        => PageAsync(context, desk, time, status, tool, agentId, limit, offset, cancellationToken);

    private static Task<IResult> ListPendingAsync(
        HttpContext context, ApprovalDesk desk, TimeProvider time, string? limit, string? offset, CancellationToken cancellationToken)
        => PageAsync(context, desk, time, "pending", null, null, limit, offset, cancellationToken);

    private static async Task<IResult> PageAsync(
        HttpContext context, ApprovalDesk desk, TimeProvider time, string? status, string? tool, string? agentId, string? limit, string? offset, CancellationToken cancellationToken)
    {
        var (page, wrong) = ListPage.Read(limit, offset);
        var wanted = Enum.GetValues<ApprovalStatus>().Where(one => ApprovalTransitions.Word(one) == status).Select(static one => (ApprovalStatus?)one).FirstOrDefault();
        if ((wrong ?? (status is not null && wanted is null ? "status" : null)) is { } field)
        {
            return ApiProblem.Of(StatusCodes.Status400BadRequest, Codes.ApprovalRequestInvalid, $"`{field}` is not usable; see /docs/api-reference.", field);
        }

        var found = await desk.ListAsync(context.GetPrincipal().Tenant, new ApprovalQuery(wanted, tool, agentId, page.Offset, page.Limit), cancellationToken);
        return TypedResults.Ok(new ApprovalList([.. found.Approvals.Select(one => ApprovalEntry.Of(one, time.GetUtcNow()))], found.Total, page.Limit, page.Offset));
    }

    private static async Task<IResult> CountAsync(HttpContext context, ApprovalDesk desk, CancellationToken cancellationToken)
        => TypedResults.Ok(new ApprovalCount(
            (await desk.ListAsync(context.GetPrincipal().Tenant, new ApprovalQuery(ApprovalStatus.Pending, Limit: 1), cancellationToken)).Total));

    private static async Task<IResult> FindAsync(HttpContext context, ApprovalDesk desk, TimeProvider time, string id, CancellationToken cancellationToken)
        => await desk.FindAsync(context.GetPrincipal().Tenant, id, cancellationToken) is { } found
            ? TypedResults.Ok(ApprovalEntry.Of(found, time.GetUtcNow()))
            : NotFound();

    private static IResult NotFound()
        => ApiProblem.Of(StatusCodes.Status404NotFound, Codes.ApprovalNotFound, "There is no approval with this id, or it belongs to another tenant.");

    private static async Task<IResult> DecideAsync(HttpContext context, ApprovalDesk desk, TimeProvider time, string id, CancellationToken cancellationToken)
    {
        var principal = context.GetPrincipal();
        if (await desk.FindAsync(principal.Tenant, id, cancellationToken) is null)
        {
            return NotFound();
        }

        var (body, fault) = await JsonBody.ReadAsync<ApprovalDecision>(context, Codes.ApprovalRequestInvalid);
        if (body is null)
        {
            return fault!;
        }

        if (body.Reason is { Length: > ReasonMax })
        {
            return ApiProblem.Of(StatusCodes.Status400BadRequest, Codes.ApprovalRequestInvalid, "`reason` has at most 1,000 characters.", "reason");
        }

        var (approval, refused) = await desk.DecideAsync(principal.Tenant, id, principal.UserId!, body.Approved, body.Reason, cancellationToken);
        return refused is null
            ? TypedResults.Ok(ApprovalEntry.Of(approval!, time.GetUtcNow()))
            : ApiProblem.Of(
                refused.Kind switch
                {
                    DenialKind.NotFound => StatusCodes.Status404NotFound,
                    DenialKind.Forbidden => StatusCodes.Status403Forbidden,
                    _ => StatusCodes.Status400BadRequest,
                },
                refused.Code,
                refused.Reason);
    }
}
