namespace AgentGate.Policies;

/// <summary>One rule of the configured policy list. In patterns, <c>*</c> stands for any text.</summary>
public sealed class PolicyRule
{
    /// <summary>The action, one of the published set, or a pattern.</summary>
    /// <value>The default is <c>*</c>.</value>
    public string Action { get; set; } = "*";

    /// <summary>The id of the resource (a model, a tool, a provider tool), or a pattern.</summary>
    /// <value>The default is <c>*</c>.</value>
    public string Resource { get; set; } = "*";

    /// <summary>The principal id, or a pattern.</summary>
    /// <value>The default is <c>*</c>.</value>
    public string Principal { get; set; } = "*";
}
