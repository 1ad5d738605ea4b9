namespace AgentGate.Limits;

/// <summary>
/// One limit: at most <see cref="Calls"/> calls in any <see cref="Window"/>, for what the patterns fit, counted apart by
/// <see cref="Per"/>. In patterns <c>*</c> stands for any text; they are compared without regard to case.
/// </summary>
public sealed class LimitRule
{
    /// <summary>The rule's name, in refusals, headers and metrics: 1 to 64 letters, digits, <c>-</c>, <c>_</c> or <c>.</c>, and no other rule's.</summary>
    /// <value>There is no default.</value>
    public string Name { get; set; } = "";

    /// <summary>The most calls in any window, 1 to 1,000,000,000.</summary>
    /// <value>There is no default.</value>
    public int Calls { get; set; }

    /// <summary>The length of the window, 1 second to 31 days in whole seconds. It slides: it ends at every call anew.</summary>
    /// <value>The default is one minute.</value>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>What is counted apart.</summary>
    /// <value>The default is <see cref="LimitPer.Key"/>.</value>
    public LimitPer Per { get; set; } = LimitPer.Key;

    /// <summary>The action, one of the published set, or a pattern.</summary>
    /// <value>The default is <c>*</c>.</value>
    public string Action { get; set; } = "*";

    /// <summary>The principal id, or a pattern.</summary>
    /// <value>The default is <c>*</c>.</value>
    public string Principal { get; set; } = "*";

    /// <summary>The name of a tool, or a pattern. Anything but <c>*</c> fits calls of tools only.</summary>
    /// <value>The default is <c>*</c>.</value>
    public string Tool { get; set; } = "*";

    /// <summary>The name of a model, the caller's or the provider's, or a pattern. Anything but <c>*</c> fits calls of models only.</summary>
    /// <value>The default is <c>*</c>.</value>
    public string Model { get; set; } = "*";

    /// <summary>The tenant, or a pattern.</summary>
    /// <value>The default is <c>*</c>.</value>
    public string Tenant { get; set; } = "*";

    /// <summary>What happens while the store of the counts is lost.</summary>
    /// <value>The default is <see cref="StoreLoss.Deny"/>.</value>
    public StoreLoss OnStoreLoss { get; set; } = StoreLoss.Deny;
}
