namespace AgentGate.Threats;

/// <summary>What happens with one family, whatever the severity; unset means what <see cref="ThreatOptions.Actions"/> says.</summary>
public sealed class FamilyActions
{
    /// <summary>In arguments of a tool call.</summary>
    public ThreatAction? Argument { get; set; }

    /// <summary>In prose of a conversation.</summary>
    public ThreatAction? Chat { get; set; }

    /// <summary>In fenced code of a conversation.</summary>
    public ThreatAction? Code { get; set; }

    /// <summary>In results of tools.</summary>
    public ThreatAction? Result { get; set; }
}
