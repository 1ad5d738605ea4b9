using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using AgentGate.Transactions;

namespace AgentGate.Server.Transactions;

/// <summary>Reading the transactions of one's own tenant.</summary>
internal static class TransactionEndpoints
{
    private const string Entry =
        """
        {"id":"0197b2f0-6c1a-7d0e-9b1f-3c5a7e9d1b3f","name":"book-trip","state":"not-undone","principal_id":"app","parent_id":null,
        "root_id":"0197b2f0-6c1a-7d0e-9b1f-3c5a7e9d1b3f","begun_at":"2026-11-23T10:00:00+00:00","ended_at":"2026-11-23T10:00:04+00:00"}
        """;

    private const string Step =
        """
        {"call_id":"0197b2f0-6c1b-7d0e-9b1f-3c5a7e9d1b3f","tool":"book_flight","state":"not-undone","compensation":"cancel_flight","ending":"failed",
        "reason":"its compensation failed at the last of its tries.","code":null,"compensation_call_id":"0197b2f0-6c1c-7d0e-9b1f-3c5a7e9d1b3f","tries":5,
        "begun_at":"2026-11-23T10:00:01+00:00"}
        """;

    public static IEndpointRouteBuilder MapTransactions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/transactions").WithTags("Transactions");
        group.MapGet(string.Empty, ListAsync).RequireScope(Scopes.TracesRead)
            .Produces<TransactionPage>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithExample(null, $$"""{"transactions":[{{Entry}}],"limit":100,"offset":0}""")
            .WithSummary("List transactions, newest first.")
            .WithDescription("`state` is active, rolling-back, joined, committed, rolled-back or not-undone; `limit` 1 to 500, `offset` from 0.");
        group.MapGet("/{id}", FindAsync).RequireScope(Scopes.TracesRead)
            .Produces<TransactionDetail>().ProducesProblem(StatusCodes.Status404NotFound)
            .WithExample(null, $$"""{"transaction":{{Entry}},"steps":[{{Step}}]}""")
            .WithSummary("Read one transaction: what was undone, what was not, and why.")
            .WithDescription("The steps of transactions that were committed into it are its own. What they got and gave is not shown.");
        return routes;
    }

    private static async Task<IResult> ListAsync(HttpContext context, ITransactionStore store, string? state, string? limit, string? offset, CancellationToken cancellationToken)
    {
        var (page, wrong) = ListPage.Read(limit, offset);
        var wanted = TransactionWords.ReadState(state);
        if ((wrong ?? (state is not null && wanted is null ? "state" : null)) is { } field)
        {
            return ApiProblem.Of(StatusCodes.Status400BadRequest, Codes.TransactionQueryInvalid, $"`{field}` is not usable; see /docs/api-reference.", field);
        }

        var found = await store.ListAsync(new TransactionQuery(context.GetPrincipal().Tenant, wanted, page.Limit, page.Offset), cancellationToken);
        return TypedResults.Ok(new TransactionPage([.. found.Select(TransactionEntry.Of)], page.Limit, page.Offset));
    }

    private static async Task<IResult> FindAsync(HttpContext context, ITransactionStore store, string id, CancellationToken cancellationToken)
        => await store.FindAsync(context.GetPrincipal().Tenant, id, cancellationToken) is { } found
            ? TypedResults.Ok(new TransactionDetail(TransactionEntry.Of(found.Root), [.. found.Steps.Select(TransactionStepEntry.Of)]))
            : ApiProblem.Of(StatusCodes.Status404NotFound, Codes.TransactionNotFound, "There is no transaction with this id, or it belongs to another tenant.");
}
