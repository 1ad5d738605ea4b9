namespace AgentGate.Benchmarks.Gateway;

/// <summary>One round against one server.</summary>
/// <param name="P50">The median time of a request, in milliseconds.</param>
/// <param name="P99">The 99th percentile.</param>
/// <param name="PerSecond">Requests a second over all connections.</param>
internal sealed record LoadResult(double P50, double P99, double PerSecond);
