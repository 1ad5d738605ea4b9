using System.Globalization;
using AgentGate.Alerts;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentGate.Server.Alerts;

/// <summary>The operator's view of alerts, and a test of their channels.</summary>
internal static class AlertEndpoints
{
    private const int LimitMax = 200;

    public static IEndpointRouteBuilder MapAlerts(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/alerts").WithTags("Alerts").RequireOperator();
        group.MapGet(string.Empty, ListAsync).RequireScope(Scopes.ConfigRead)
            .WithSummary("List the latest alerts and how far their delivery is.")
            .WithDescription("The latest first; `limit` is 1 to 200, 50 where it is left out. Holds addresses and accounts: the operator's alone.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapPost("/test", TestAsync).RequireScope(Scopes.ConfigUpdate)
            .WithSummary("Send a test alert through every channel that takes its priority.")
            .WithDescription("""Example: {"priority":"critical"}. It is queued; GET /api/alerts shows how it went.""")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        return routes;
    }

    private static async Task<Results<Ok<AlertList>, ProblemHttpResult>> ListAsync(IAlertStore store, string? limit, CancellationToken cancellationToken)
    {
        var most = 50;
        if (limit is not null && !(int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) && most is > 0 and <= LimitMax))
        {
            return Invalid("limit", $"`limit` is a number from 1 to {LimitMax}.");
        }

        return TypedResults.Ok(new AlertList([.. (await store.ListAsync(most, cancellationToken)).Select(Entry)]));
    }

    private static async Task<Results<Accepted<AlertTestResult>, ProblemHttpResult>> TestAsync(
        HttpContext context, AlertTestRequest? body, AlertDesk desk, IIdSource ids, CancellationToken cancellationToken)
    {
        if ((body?.Priority is { } word ? AlertWords.Read(word) : AlertSeverity.High) is not { } severity)
        {
            return Invalid("priority", "`priority` is low, medium, high or critical.");
        }

        // Each test is one of its own: the same twice would be counted and not sent.
        await desk.RaiseAsync(
            new Alert
            {
                Severity = severity,
                Category = "test",
                Source = ids.NewId(),
                Title = "A test of the alerts",
                Description = "Somebody asked for it; nothing happened.",
                UserId = context.GetPrincipal().Id,
            },
            cancellationToken);
        return TypedResults.Accepted("/api/alerts", new AlertTestResult("queued", desk.ChannelsOf(severity)));
    }

    private static AlertEntry Entry(StoredAlert alert) => new()
    {
        AlertId = alert.Id,
        Priority = AlertWords.Of(alert.Alert.Severity),
        Category = alert.Alert.Category,
        Source = alert.Alert.Source,
        Title = alert.Alert.Title,
        Description = alert.Alert.Description,
        Ip = alert.Alert.Address,
        User = alert.Alert.UserId,
        Account = alert.Alert.Account,
        UserAgent = alert.Alert.UserAgent,
        Details = alert.Alert.Details.GroupBy(detail => detail.Name, StringComparer.Ordinal).ToDictionary(details => details.Key, details => details.Last().Value, StringComparer.Ordinal),
        RaisedAt = alert.RaisedAt,
        Repeats = alert.Repeats,
        Summary = alert.IsSummary,
        Deliveries = [.. alert.Deliveries.Select(one => new AlertDeliveryEntry(one.Channel, one.State, one.Tries, one.Failure))],
    };

    private static ProblemHttpResult Invalid(string field, string detail) => TypedResults.Problem(
        detail,
        statusCode: StatusCodes.Status400BadRequest,
        title: Codes.AlertRequestInvalid,
        type: "urn:agentgate:" + Codes.AlertRequestInvalid,
        extensions: new Dictionary<string, object?> { ["code"] = Codes.AlertRequestInvalid, ["field"] = field });
}
