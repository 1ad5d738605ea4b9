namespace AgentGate.Server.Hosting;

/// <summary>What probes ask: reachable whatever else is refused, because who cannot be asked counts as dead.</summary>
internal static class HealthPaths
{
    public static bool Are(PathString path)
        => path.StartsWithSegments("/health") || path.Equals("/api/health", StringComparison.OrdinalIgnoreCase);
}
