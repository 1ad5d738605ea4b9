namespace AgentGate.Benchmarks.Reporting;

/// <summary>One table of figures.</summary>
/// <param name="Id">Its name in JSON.</param>
/// <param name="Title">Its title, with the conditions that the figures need to be read.</param>
/// <param name="Columns">Column names with the format of their values.</param>
internal sealed record BenchTable(string Id, string Title, params (string Name, string Format)[] Columns)
{
    public List<BenchRow> Rows { get; } = [];

    public List<string> Notes { get; } = [];
}
