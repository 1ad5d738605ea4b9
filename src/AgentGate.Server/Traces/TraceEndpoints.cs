using AgentGate.Client;
using AgentGate.Client.Traces;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using AgentGate.Server.Audit;
using AgentGate.Server.Access;
using AgentGate.Traces;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentGate.Server.Traces;

/// <summary>Reading the traces of one's own tenant.</summary>
internal static class TraceEndpoints
{
    public static IEndpointRouteBuilder MapTraces(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/traces").WithTags("Traces").AddEndpointFilter(QueryProblem.Filter);
        group.MapGet(string.Empty, ListAsync).RequireScope(Scopes.TracesRead)
            .Produces<TraceList>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("List traces, newest first.");
        group.MapGet("/latest", LatestAsync).RequireScope(Scopes.TracesRead)
            .Produces<TraceDetail>().ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Read the newest trace.");
        group.MapGet("/{id}", ReadAsync).RequireScope(Scopes.TracesRead)
            .Produces<TraceDetail>().ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Read one trace by the call's id.");
        return routes;
    }

    private static async Task<JsonHttpResult<TraceList>> ListAsync(
        HttpContext context, ITraceStore traces, [AsParameters] TraceListParameters parameters, CancellationToken cancellationToken)
    {
        var found = await traces.ListAsync(parameters.ToQuery(context.GetPrincipal().Tenant), cancellationToken);
        return TypedResults.Json(new TraceList([.. found.Select(TraceView.Summary)]), AgentGateJson.Readable.TraceList);
    }

    private static async Task<Results<JsonHttpResult<TraceDetail>, ProblemHttpResult>> LatestAsync(
        HttpContext context, ITraceStore traces, CancellationToken cancellationToken)
        => Answer(await traces.LatestAsync(context.GetPrincipal().Tenant, cancellationToken));

    private static async Task<Results<JsonHttpResult<TraceDetail>, ProblemHttpResult>> ReadAsync(
        HttpContext context, ITraceStore traces, string id, CancellationToken cancellationToken)
        => Answer(await traces.FindAsync(context.GetPrincipal().Tenant, id, cancellationToken));

    private static Results<JsonHttpResult<TraceDetail>, ProblemHttpResult> Answer(CallTrace? trace)
        => trace is null
            ? TypedResults.Problem(
                statusCode: StatusCodes.Status404NotFound,
                title: "No such trace",
                detail: "There is no trace with this id, or it belongs to another tenant.",
                extensions: [new("code", Codes.TraceNotFound)])
            : TypedResults.Json(TraceView.Detail(trace), AgentGateJson.Readable.TraceDetail);
}
