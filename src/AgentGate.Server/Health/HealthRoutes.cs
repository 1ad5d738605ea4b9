using System.Reflection;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;

namespace AgentGate.Server.Health;

/// <summary>Liveness and readiness, under the published routes and the short ones.</summary>
internal static class HealthRoutes
{
    private static readonly string s_version = typeof(HealthRoutes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(string.Empty).WithTags("Health");
        foreach (var route in (string[])["/health/live", "/health/liveness"])
        {
            group.MapGet(route, () => TypedResults.Ok(new LivenessReport("alive", s_version))).WithSummary("Whether the process answers. Nothing else is looked at.");
        }

        foreach (var route in (string[])["/health/ready", "/health/readiness", "/api/health"])
        {
            group.MapGet(route, Ready).Produces<HealthReport>().Produces<HealthReport>(StatusCodes.Status503ServiceUnavailable)
                .WithSummary("Whether calls are served: what was looked at, and the code of what is not right.");
        }
    }

    /// <summary>Ready means that decisions can be put on record, and are made by what was decided on.</summary>
    private static IResult Ready(
        IRecordHealth recorder, IEnumerable<IReadiness> parts, IEnumerable<IHealthRemark> remarks, ProfileName profile, SharedStoreMonitor shared)
    {
        var stores = shared.States is { Count: > 0 } states ? states : null;
        var because = parts.Select(part => part.NotReadyBecause).FirstOrDefault(why => why is not null);
        var said = remarks.Select(part => part.Remark).Where(part => part is not null).ToArray();
        var ready = recorder.IsWritable && because is null;
        var report = new HealthReport
        {
            Status = ready ? "healthy" : "unhealthy",
            Readiness = ready ? "ready" : "not_ready",
            Version = s_version,
            Profile = profile.Value,
            Log = recorder.IsWritable ? "writable" : "not writable",
            Checks = Checks(recorder, because, stores),
            Stores = stores,
            Because = because,
            Remark = said.Length == 0 ? null : string.Join(" ", said),
        };
        return ready ? TypedResults.Ok(report) : TypedResults.Json(report, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Each thing that was looked at. Reasons are codes: whoever asks is nobody in particular.</summary>
    private static Dictionary<string, HealthCheck> Checks(IRecordHealth recorder, string? because, IReadOnlyDictionary<string, string>? stores)
    {
        var checks = new Dictionary<string, HealthCheck>(StringComparer.Ordinal)
        {
            ["log"] = Of(recorder.IsWritable, Codes.LogWriteFailed),

            // A file of its own answers as long as the log can be written; a shared one is asked each second.
            ["database"] = stores is null ? Of(recorder.IsWritable, Codes.LogWriteFailed) : Of(stores.GetValueOrDefault("postgresql") is "ok", Codes.SharedStoreLost),

            // A server that does not find its schema does not start.
            ["schema"] = Of(true, string.Empty),
            ["policies"] = Of(because is null, because?.Split(':', ' ')[0] ?? string.Empty),
        };
        if (stores is not null)
        {
            checks["redis"] = Of(stores.GetValueOrDefault("redis") is "ok", Codes.SharedStoreLost);
        }

        return checks;

        static HealthCheck Of(bool ok, string reason) => new(ok, ok ? null : reason);
    }
}
