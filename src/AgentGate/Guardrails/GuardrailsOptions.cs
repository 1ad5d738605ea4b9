namespace AgentGate.Guardrails;

/// <summary>What calls may follow on which, and when (<c>AgentGate:Guardrails</c>).</summary>
public sealed class GuardrailsOptions
{
    /// <summary>The guardrails, at most 32. A call must fit all that concern it, and counts in all of them or in none.</summary>
    /// <value>The default is empty: nothing is demanded.</value>
    public IList<GuardrailSet> Sets { get; } = [];

    /// <summary>Files with one guardrail each, JSON in one of the published forms.</summary>
    /// <value>The default is empty.</value>
    public IList<string> Files { get; } = [];

    /// <summary>How long the store may take before it counts as lost; 1 millisecond to 2 seconds.</summary>
    /// <value>The default is one second.</value>
    public TimeSpan StoreDeadline { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The most scopes remembered in memory where no storage profile is installed, 16 to 10,000,000. Beyond, newcomers are refused.</summary>
    /// <value>The default is 65,536.</value>
    public int TracksMax { get; set; } = 65_536;

    /// <summary>What could not be read of configuration and files.</summary>
    internal List<string> ReadFaults { get; } = [];

    private readonly Dictionary<GuardrailSet, string> _paths = new(ReferenceEqualityComparer.Instance);

    /// <summary>Where a set was read, for messages.</summary>
    internal string? PathOf(GuardrailSet set) => _paths.GetValueOrDefault(set);

    /// <summary>Adds a set that was read somewhere.</summary>
    internal void Add(GuardrailSet set, string path)
    {
        _paths[set] = path;
        Sets.Add(set);
    }
}
