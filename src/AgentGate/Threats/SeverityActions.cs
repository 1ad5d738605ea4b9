namespace AgentGate.Threats;

/// <summary>What happens in one context, by severity.</summary>
public sealed class SeverityActions
{
    /// <summary>Worth knowing.</summary>
    public ThreatAction Low { get; set; }

    /// <summary>Helps another attack, for example header injection.</summary>
    public ThreatAction Medium { get; set; }

    /// <summary>XSS, path traversal, LDAP, SSRF, NoSQL, XXE.</summary>
    public ThreatAction High { get; set; }

    /// <summary>SQL, shell, template injection.</summary>
    public ThreatAction Critical { get; set; }

    /// <summary>The action for a severity.</summary>
    /// <param name="severity">The severity.</param>
    internal ThreatAction Of(ThreatSeverity severity) => severity switch
    {
        ThreatSeverity.Low => Low,
        ThreatSeverity.Medium => Medium,
        ThreatSeverity.High => High,
        _ => Critical,
    };
}
