using AgentGate.Budgets;
using AgentGate.Client;
using AgentGate.Client.Budgets;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentGate.Server.Budgets;

/// <summary>Reading the budgets of one's own tenant.</summary>
internal static class BudgetEndpoints
{
    public static IEndpointRouteBuilder MapBudgets(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/budgets", ListAsync).WithTags("Budgets").RequireScope(Scopes.BudgetsRead)
            .Produces<BudgetList>().ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("List the budgets of the own tenant with what is spent, reserved and left.");
        return routes;
    }

    private static async Task<Results<JsonHttpResult<BudgetList>, ProblemHttpResult>> ListAsync(HttpContext context, IBudgetLedger ledger, CancellationToken cancellationToken)
    {
        var principal = context.GetPrincipal();
        try
        {
            var states = await ledger.StatesOfAsync(principal.Tenant, cancellationToken);

            // The caller's own budgets are shown before anything was spent on them, too.
            var own = (await ledger.StatesOfAsync(principal, cancellationToken)).Where(state => state.Subject != "all" && !states.Any(s => s.Rule == state.Rule && s.Subject == state.Subject));
            var prices = PriceFile.Shipped;
            return TypedResults.Json(
                new BudgetList([.. states.Concat(own).Select(Entry)], new PriceTableEntry(prices.Version, prices.Date, prices.ByName.Count)),
                AgentGateJson.Readable.BudgetList);
        }
        catch (BudgetLedgerLostException)
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status503ServiceUnavailable,
                detail: "The ledger of the budgets cannot be reached. Try again shortly.",
                extensions: [new("code", Codes.BudgetLedgerLost)]);
        }
    }

    private static BudgetEntry Entry(BudgetState state) => new()
    {
        Rule = state.Rule,
        Subject = state.Subject,
        LimitUsd = state.LimitUsd,
        SpentUsd = state.SpentUsd,
        ReservedUsd = state.ReservedUsd,
        RemainingUsd = state.RemainingUsd,
        WindowStart = state.WindowStart,
        ResetsAt = state.ResetsAt,
    };
}
