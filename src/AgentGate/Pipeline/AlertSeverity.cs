namespace AgentGate.Pipeline;

/// <summary>How much an alert matters; the order is the rank.</summary>
internal enum AlertSeverity
{
    Low,
    Medium,
    High,
    Critical,
}
