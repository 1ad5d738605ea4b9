namespace AgentGate.Tools;

/// <summary>One line of <c>AgentGate:Tools:Declared</c>: what is known of some tools. Policies can ask for all of it.</summary>
public sealed class ToolRule
{
    /// <summary>The tool's name; <c>*</c> stands for any text. Case does not count.</summary>
    /// <value>Required.</value>
    public string Tool { get; set; } = "";

    /// <summary>What the tool does: <c>read</c>, <c>write</c>, <c>delete</c>, <c>send</c>, <c>pay</c>.</summary>
    /// <value>The default is empty: what its arguments declare.</value>
    public IList<string> Effects { get; } = [];

    /// <summary>The groups the tool is in (<c>AgentGate::ToolGroup</c>).</summary>
    /// <value>The default is empty.</value>
    public IList<string> Groups { get; } = [];
}
