namespace AgentGate.Benchmarks.Vectors;

/// <summary>What became of the cases of one suite.</summary>
/// <param name="name">The suite.</param>
internal sealed class SuiteTally(string name)
{
    private readonly SortedDictionary<string, int> _unsupported = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    public int Passed { get; private set; }

    public int Failed => Failures.Count;

    public int Skipped => _unsupported.Values.Sum();

    /// <summary>The failures, in order.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Why cases were not run, and how many.</summary>
    public IReadOnlyDictionary<string, int> Unsupported => _unsupported;

    /// <summary>Counts a case.</summary>
    /// <param name="passed">Whether the answer was the expected one.</param>
    /// <param name="failure">Which case, what was expected and what came.</param>
    public void Count(bool passed, Func<string> failure)
    {
        if (passed)
        {
            Passed++;
        }
        else
        {
            Failures.Add(failure());
        }
    }

    /// <summary>Counts a case that cannot be run here; it has not passed.</summary>
    public void Skip(string reason) => _unsupported[reason] = _unsupported.GetValueOrDefault(reason) + 1;
}
