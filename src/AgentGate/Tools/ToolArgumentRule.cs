namespace AgentGate.Tools;

/// <summary>One line of <c>AgentGate:Tools:Arguments</c>: what an argument of some tools is.</summary>
public sealed class ToolArgumentRule
{
    /// <summary>The tool's name; <c>*</c> stands for any text.</summary>
    /// <value>The default is <c>*</c>: every tool.</value>
    public string Tool { get; set; } = "*";

    /// <summary>The argument: its name, or a JSON pointer (RFC 6901) into the arguments; <c>*</c> stands for any text.</summary>
    /// <value>Required.</value>
    public string Argument { get; set; } = "";

    /// <summary>What the argument is.</summary>
    /// <value>The default is <see cref="ArgumentKind.Text"/>.</value>
    public ArgumentKind Kind { get; set; }

    /// <summary>Whether the argument is base64 (RFC 4648) of that.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Base64 { get; set; }

    /// <summary>What the tool does to what the argument names: <c>read</c>, <c>write</c>, <c>delete</c>, <c>send</c>, <c>pay</c>; policies decide each.</summary>
    /// <value>The default is empty: the argument is no resource.</value>
    public IList<string> Effects { get; } = [];

    /// <summary>The folder that relative paths start from, where the argument is a path and a resource.</summary>
    /// <value>The default is <see langword="null"/>: relative paths are refused.</value>
    public string? Base { get; set; }
}
