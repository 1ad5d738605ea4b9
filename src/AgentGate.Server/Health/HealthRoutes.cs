using AgentGate.Pipeline;

namespace AgentGate.Server.Health;

/// <summary>Liveness, readiness and the published health route.</summary>
internal static class HealthRoutes
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Ok(new HealthReport("ok", null))).ExcludeFromDescription();
        routes.MapGet("/health/ready", Ready).ExcludeFromDescription();
        routes.MapGet("/api/health", Ready);
    }

    /// <summary>Ready means that decisions can be put on record: a gate that cannot write is closed.</summary>
    private static IResult Ready(IRecordHealth recorder)
        => recorder.IsWritable
            ? TypedResults.Ok(new HealthReport("ok", "writable"))
            : TypedResults.Json(new HealthReport("unavailable", "not writable"), statusCode: StatusCodes.Status503ServiceUnavailable);

    /// <param name="Status"><c>ok</c> or <c>unavailable</c>.</param>
    /// <param name="Log">Whether the log can be written.</param>
    internal sealed record HealthReport(string Status, string? Log);
}
