namespace AgentGate.Threats;

/// <summary>What happens, by context and severity (<c>AgentGate:Threats:Actions</c>).</summary>
public sealed class ThreatActions
{
    /// <summary>Arguments of a tool call: something will interpret them.</summary>
    /// <value>The default blocks medium and above, and flags the rest.</value>
    public SeverityActions Argument { get; } = new()
    {
        Low = ThreatAction.Flag, Medium = ThreatAction.Block, High = ThreatAction.Block, Critical = ThreatAction.Block,
    };

    /// <summary>Prose of a conversation, and what is embedded.</summary>
    /// <value>The default blocks high and critical, and flags medium.</value>
    public SeverityActions Chat { get; } = new()
    {
        Low = ThreatAction.Off, Medium = ThreatAction.Flag, High = ThreatAction.Block, Critical = ThreatAction.Block,
    };

    /// <summary>Fenced code of a conversation, and the arguments of earlier tool calls in it.</summary>
    /// <value>The default is that of <see cref="Chat"/>; the threshold is higher.</value>
    public SeverityActions Code { get; } = new()
    {
        Low = ThreatAction.Off, Medium = ThreatAction.Flag, High = ThreatAction.Block, Critical = ThreatAction.Block,
    };

    /// <summary>Results of tools and retrieved documents: pages hold script and logs hold paths, and a model only reads them.</summary>
    /// <value>The default flags medium and above and blocks nothing; instructions to the model are another guard's work.</value>
    public SeverityActions Result { get; } = new()
    {
        Low = ThreatAction.Off, Medium = ThreatAction.Flag, High = ThreatAction.Flag, Critical = ThreatAction.Flag,
    };
}
