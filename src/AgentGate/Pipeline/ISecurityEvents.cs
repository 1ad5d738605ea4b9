namespace AgentGate.Pipeline;

/// <summary>
/// Where what may be an attack is told: from there come alerts and blocked addresses. Thread-safe.
/// </summary>
internal interface ISecurityEvents
{
    /// <summary>
    /// Tells of something. Never throws because of itself: what cannot be counted is logged and counted as such, and whoever tells goes on
    /// as it would have. When it returns, an address that is to be blocked is blocked in this process.
    /// </summary>
    /// <param name="happened">What happened.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask ReportAsync(SecurityEvent happened, CancellationToken cancellationToken);
}
