namespace AgentGate.Tools;

/// <summary>What is known about tools from configuration (<c>AgentGate:Tools</c>).</summary>
public sealed class ToolOptions
{
    /// <summary>Names or patterns (<c>*</c> stands for any text) of tools that run inside the caller's trust and may see real values.</summary>
    /// <value>The default is empty: every tool sees tokens.</value>
    public IList<string> Internal { get; } = [];

    /// <summary>What the arguments of tools are; the first line that fits counts.</summary>
    /// <value>The default is empty: every argument is free text.</value>
    public IList<ToolArgumentRule> Arguments { get; } = [];

    /// <summary>What is known of tools as a whole: what they do and which groups they are in. Every line that fits counts.</summary>
    /// <value>The default is empty: nothing is declared of any tool.</value>
    public IList<ToolRule> Declared { get; } = [];
}
