using AgentGate.Pipeline;
using AgentGate.Server.Access;

namespace AgentGate.Server.Health;

/// <summary>How the services are that this server watches: a summary for everybody, names and reasons for the operator.</summary>
internal static class DistributedHealthRoutes
{
    public static IServiceCollection AddDistributedHealth(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(HealthMonitorOptions.Read(configuration));
        services.AddSingleton(provider => new DistributedHealthMonitor(
            provider.GetRequiredService<HealthMonitorOptions>(), provider.GetRequiredService<IAlerts>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<DistributedHealthMonitor>>()));
        services.AddSingleton<IHealthRemark>(provider => provider.GetRequiredService<DistributedHealthMonitor>());
        services.AddHostedService(provider => provider.GetRequiredService<DistributedHealthMonitor>());
        return services;
    }

    public static void MapDistributedHealth(this IEndpointRouteBuilder routes)
    {
        const string Path = "/api/health/distributed";
        var group = routes.MapGroup(string.Empty).WithTags("Health");
        group.MapGet(Path, (DistributedHealthMonitor monitor) => TypedResults.Ok(Summary(monitor)))
            .WithSummary("Whether the services that this server watches are well.")
            .WithDescription("How many there are and how many fail. Their names and addresses are told to nobody here.");
        group.MapGet(Path + "/services", (DistributedHealthMonitor monitor) => TypedResults.Ok(
                new DistributedHealthServices([.. monitor.States.Select(state => new DistributedHealthService(state.Name, Word(monitor, state), state.Failures, state.Failure, state.LookedAt))])))
            .RequireScope(Scopes.MetricsRead).RequireOperator()
            .WithSummary("How each service is that this server watches.")
            .WithDescription("By the names the operator gave. The addresses are in the configuration alone.");
    }

    private static DistributedHealthSummary Summary(DistributedHealthMonitor monitor)
    {
        var states = monitor.States;
        var failing = states.Count(monitor.IsFailing);
        var word = states.Count == 0 ? "disabled" : failing > 0 ? "unhealthy" : states.Any(static state => state.LookedAt is null) ? "unknown" : "healthy";
        return new DistributedHealthSummary(states.Count > 0, word, states.Count, failing, states.Max(static state => state.LookedAt));
    }

    private static string Word(DistributedHealthMonitor monitor, DistributedHealthMonitor.TargetState state)
        => state.LookedAt is null ? "unknown" : monitor.IsFailing(state) ? "unhealthy" : "healthy";
}

/// <summary>How the watched services are, together.</summary>
/// <param name="Enabled">Whether any are watched.</param>
/// <param name="Status"><c>healthy</c>, <c>unhealthy</c>, <c>unknown</c> before each was asked once, or <c>disabled</c>.</param>
/// <param name="Services">How many are watched.</param>
/// <param name="Failing">How many of them fail.</param>
/// <param name="CheckedAt">When one was asked last.</param>
internal sealed record DistributedHealthSummary(bool Enabled, string Status, int Services, int Failing, DateTimeOffset? CheckedAt);

/// <summary>The watched services.</summary>
/// <param name="Services">Each of them.</param>
internal sealed record DistributedHealthServices(IReadOnlyList<DistributedHealthService> Services);

/// <summary>A watched service.</summary>
/// <param name="Name">What the operator calls it.</param>
/// <param name="Status"><c>healthy</c>, <c>unhealthy</c> or <c>unknown</c>.</param>
/// <param name="Failures">How often in a row it failed.</param>
/// <param name="Failure">Why it failed last: <c>unreachable</c>, <c>timed-out</c>, <c>unexpected-body</c> or <c>status-</c> and the status.</param>
/// <param name="CheckedAt">When it was asked last.</param>
internal sealed record DistributedHealthService(string Name, string Status, int Failures, string? Failure, DateTimeOffset? CheckedAt);
