using AgentGate.Pipeline;

namespace AgentGate.Alerts;

/// <summary>What the rules need to know of an alert that was raised before.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Fingerprint">Its fingerprint; of a summary empty.</param>
/// <param name="Severity">Its severity.</param>
/// <param name="RaisedAt">When.</param>
/// <param name="IsSummary">Whether it is the summary of a cooldown that began then.</param>
internal sealed record RecentAlert(string Id, string Fingerprint, AlertSeverity Severity, DateTimeOffset RaisedAt, bool IsSummary);
