using AgentGate.Threats.Injection;

namespace AgentGate.Benchmarks.Training;

/// <summary>The words and pairs of words that occur in several sources: one source's habits are not evidence.</summary>
internal sealed class TermCounts
{
    private readonly int _rowsMin;
    private readonly int _sourcesMin;
    private readonly Dictionary<string, Dictionary<string, int>> _counts;

    public TermCounts(IReadOnlyList<TrainingRow> rows, int rowsMin, int sourcesMin)
    {
        (_rowsMin, _sourcesMin) = (rowsMin, sourcesMin);
        _counts = WindowSet.Count(rows);
        foreach (var term in _counts.Where(term => !IsEnough(term.Value, "")).Select(term => term.Key).ToList())
        {
            _counts.Remove(term);
        }

        All = [.. _counts.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>The terms.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>Which features of a model may be used when one source is left out.</summary>
    public bool[] Used(InjectionModel model, string without)
    {
        var used = new bool[model.Count];
        for (var feature = 0; feature < used.Length; feature++)
        {
            used[feature] = feature >= model.TermCount || IsEnough(_counts[model.NameOf(feature)], without);
        }

        return used;
    }

    private bool IsEnough(Dictionary<string, int> count, string without)
        => count.Count(entry => entry.Key != without) >= _sourcesMin && count.Where(entry => entry.Key != without).Sum(entry => entry.Value) >= _rowsMin;
}
