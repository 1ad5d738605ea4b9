namespace AgentGate.Benchmarks.Reporting;

/// <summary>One line of a table.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Values">One value per column; <see langword="null"/> where a column says nothing about it.</param>
internal sealed record BenchRow(string Name, params double?[] Values)
{
    /// <summary>The target the design sets for it.</summary>
    public string? Target { get; init; }

    /// <summary>Whether the target is met.</summary>
    public bool? Holds { get; init; }

    /// <summary>The row with a target.</summary>
    public BenchRow Against(string target, bool holds) => this with { Target = target, Holds = holds };
}
