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
    private static IResult Ready(
        IRecordHealth recorder, IEnumerable<IReadiness> parts, IEnumerable<IHealthRemark> remarks, ProfileName profile, SharedStoreMonitor shared)
    {
        var stores = shared.States is { Count: > 0 } states ? states : null;
        var (log, because) = (recorder.IsWritable ? "writable" : "not writable", parts.Select(part => part.NotReadyBecause).FirstOrDefault(why => why is not null));
        var said = remarks.Select(part => part.Remark).Where(part => part is not null).ToArray();
        var remark = said.Length == 0 ? null : string.Join(" ", said);
        return recorder.IsWritable && because is null
            ? TypedResults.Ok(new HealthReport("ok", log) { Profile = profile.Value, Stores = stores, Remark = remark })
            : TypedResults.Json(new HealthReport("unavailable", log) { Profile = profile.Value, Stores = stores, Because = because, Remark = remark }, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    /// <param name="Status"><c>ok</c> or <c>unavailable</c>.</param>
    /// <param name="Log">Whether the log can be written.</param>
    internal sealed record HealthReport(string Status, string? Log)
    {
        /// <summary><c>embedded</c> or <c>cluster</c>.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Profile { get; init; }

        /// <summary>Each shared store: <c>ok</c> or <c>unreachable</c>. Absent in the embedded profile.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyDictionary<string, string>? Stores { get; init; }

        /// <summary>What else keeps the server from being ready; never names a tenant or content.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Because { get; init; }

        /// <summary>What is not right although the server serves, for example that a checkpoint is not published.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Remark { get; init; }
    }
}
