using System.Text.Json.Serialization;

namespace AgentGate.Benchmarks.Eval;

/// <summary>What came out for one file.</summary>
internal sealed class FileResult(string file, int rows)
{
    public string File { get; } = Path.GetFileName(file);

    public int Rows { get; } = rows;

    /// <summary>Rows of kinds that the scanner has no type for.</summary>
    public int Untyped { get; set; }

    public bool HasSpans { get; init; }

    public SortedDictionary<string, Tally> Sources { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, Tally> Types { get; } = new(StringComparer.Ordinal);

    /// <summary>Judged, but not counted towards the targets, by source.</summary>
    public SortedDictionary<string, Tally> OtherSources { get; } = new(StringComparer.Ordinal);

    /// <summary>Judged, but not counted towards the targets, by kind.</summary>
    public SortedDictionary<string, Tally> OtherTypes { get; } = new(StringComparer.Ordinal);

    [JsonIgnore]
    public IEnumerable<KeyValuePair<string, Tally>> Counted => Types.Where(type => KindMap.Counted.Contains(type.Key));

    public static Tally Of(IDictionary<string, Tally> tallies, string name)
    {
        if (!tallies.TryGetValue(name, out var tally))
        {
            tallies[name] = tally = new Tally();
        }

        return tally;
    }
}
