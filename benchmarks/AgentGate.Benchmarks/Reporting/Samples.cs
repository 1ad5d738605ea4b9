namespace AgentGate.Benchmarks.Reporting;

/// <summary>Order statistics.</summary>
internal static class Samples
{
    /// <summary>The middle value; of an even number the upper one.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }

    /// <summary>A percentile of sorted values.</summary>
    public static long Percentile(List<long> sorted, double share)
        => sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
}
