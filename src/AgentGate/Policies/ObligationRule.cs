namespace AgentGate.Policies;

/// <summary>What must also hold for an action, whatever the policies say.</summary>
public sealed class ObligationRule
{
    /// <summary>The action, or <c>*</c> for every action.</summary>
    /// <value>The default is empty, which is refused.</value>
    public string Action { get; set; } = "";

    /// <summary><c>mfa_required</c>, <c>approval_required</c>, <c>preview_confirm_required</c> or <c>quorum_required</c>.</summary>
    /// <value>The default is empty, which is refused.</value>
    public string Obligation { get; set; } = "";
}
