namespace AgentGate.Benchmarks.Gateway;

/// <summary>One round against one server.</summary>
/// <param name="P50">The median time of a request, in milliseconds.</param>
/// <param name="P99">The 99th percentile.</param>
/// <param name="PerSecond">Requests a second over all connections.</param>
/// <param name="Requests">How many requests.</param>
internal sealed record LoadResult(double P50, double P99, double PerSecond, int Requests)
{
    /// <summary>The server's processor time per request, in microseconds: what a busy machine changes least.</summary>
    public double Processor { get; init; }
}
