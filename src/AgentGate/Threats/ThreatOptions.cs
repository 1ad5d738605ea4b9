namespace AgentGate.Threats;

/// <summary>What the threats guard does (<c>AgentGate:Threats</c>).</summary>
public sealed class ThreatOptions
{
    /// <summary>What happens, by context and severity.</summary>
    public ThreatActions Actions { get; } = new();

    /// <summary>What happens with single families, by the family's name (<see cref="ThreatFamily"/>); comes before <see cref="Actions"/>.</summary>
    /// <value>The default is empty.</value>
    public IDictionary<string, FamilyActions> Families { get; } = new Dictionary<string, FamilyActions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Paths that no argument of a tool may name: a folder with everything in it, or a root (<c>/</c>, <c>C:/</c>) by itself.
    /// Compared without regard to case after decoding, with <c>.</c>, <c>..</c>, <c>//</c> and <c>\</c> resolved as text.
    /// </summary>
    /// <value>The default is empty; see <see cref="UseShippedPaths"/>.</value>
    public IList<string> BlockPaths { get; } = [];

    /// <summary>Whether these count too: the roots <c>/</c>, <c>C:/</c>, <c>D:/</c>, and <c>/bin</c>, <c>/boot</c>, <c>/etc</c>, <c>/proc</c>, <c>/root</c>, <c>/sbin</c>, <c>/sys</c>, <c>C:/Windows</c>.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool UseShippedPaths { get; set; } = true;

    /// <summary>
    /// Texts that no argument of a tool may contain, without regard to case and to the amount of white space; <c>*</c> stands
    /// for any text. Compared with every reading of the argument.
    /// </summary>
    /// <value>The default is empty: the analysers know the attacks.</value>
    public IList<string> BlockPatterns { get; } = [];

    /// <summary>The only tools that may be called; <c>*</c> stands for any text.</summary>
    /// <value>The default is empty: every tool that policies permit.</value>
    public IList<string> AllowTools { get; } = [];

    /// <summary>Tools that may not be called, also when <see cref="AllowTools"/> names them; <c>*</c> stands for any text.</summary>
    /// <value>The default is empty.</value>
    public IList<string> BlockTools { get; } = [];

    /// <summary>The shipped list of system folders and roots.</summary>
    internal static IReadOnlyList<string> ShippedPaths { get; } =
    [
        "/", "/bin", "/boot", "/etc", "/proc", "/root", "/sbin", "/sys", "C:/", "C:/Windows", "D:/",
    ];
}
