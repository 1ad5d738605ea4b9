namespace AgentGate.Approvals;

/// <summary>Which calls wait for people. In patterns <c>*</c> stands for any text; they are compared without regard to case.</summary>
public sealed class ApprovalRule
{
    /// <summary>The name of a tool, or a pattern: <c>delete_*</c>.</summary>
    /// <value>There is no default.</value>
    public string Tool { get; set; } = "";

    /// <summary>The principal id, or a pattern.</summary>
    /// <value>The default is <c>*</c>.</value>
    public string Principal { get; set; } = "*";

    /// <summary>The tenant, or a pattern.</summary>
    /// <value>The default is <c>*</c>.</value>
    public string Tenant { get; set; } = "*";

    /// <summary>How many people must approve, 1 to 16. None of them is who asks.</summary>
    /// <value>The default is 1.</value>
    public int Approvers { get; set; } = 1;

    /// <summary>How long the call can be approved and go on, 1 second to 31 days.</summary>
    /// <value>The default is <see cref="ApprovalOptions.Timeout"/>.</value>
    public TimeSpan? Timeout { get; set; }
}
