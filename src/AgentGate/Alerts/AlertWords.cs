using AgentGate.Pipeline;

namespace AgentGate.Alerts;

/// <summary>The published words of severities.</summary>
internal static class AlertWords
{
    /// <summary>The word of a severity.</summary>
    public static string Of(AlertSeverity severity) => severity switch
    {
        AlertSeverity.Low => "low",
        AlertSeverity.Medium => "medium",
        AlertSeverity.High => "high",
        _ => "critical",
    };

    /// <summary>The severity of a word, or <see langword="null"/>.</summary>
    public static AlertSeverity? Read(string? word) => word?.Trim().ToUpperInvariant() switch
    {
        "LOW" => AlertSeverity.Low,
        "MEDIUM" => AlertSeverity.Medium,
        "HIGH" => AlertSeverity.High,
        "CRITICAL" => AlertSeverity.Critical,
        _ => null,
    };
}
