using System.Text.Json.Serialization;
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

    /// <summary>Ready means that decisions can be put on record, and are made by what was decided on.</summary>
    private static IResult Ready(IRecordHealth recorder, IEnumerable<IReadiness> parts, IEnumerable<IHealthRemark> remarks)
    {
        var (log, because) = (recorder.IsWritable ? "writable" : "not writable", parts.Select(part => part.NotReadyBecause).FirstOrDefault(why => why is not null));
        var said = remarks.Select(part => part.Remark).Where(part => part is not null).ToArray();
        var remark = said.Length == 0 ? null : string.Join(" ", said);
        return recorder.IsWritable && because is null
            ? TypedResults.Ok(new HealthReport("ok", log) { Remark = remark })
            : TypedResults.Json(new HealthReport("unavailable", log) { Because = because, Remark = remark }, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    /// <param name="Status"><c>ok</c> or <c>unavailable</c>.</param>
    /// <param name="Log">Whether the log can be written.</param>
    internal sealed record HealthReport(string Status, string? Log)
    {
        /// <summary>What else keeps the server from being ready; never names a tenant or content.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Because { get; init; }

        /// <summary>What is not right although the server serves, for example that a checkpoint is not published.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Remark { get; init; }
    }
}
