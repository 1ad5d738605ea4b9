using AgentGate.Pipeline;

namespace AgentGate.Alerts;

/// <summary>A way to tell people of alerts. Thread-safe.</summary>
internal interface IAlertChannel
{
    /// <summary>Its name, a constant.</summary>
    string Name { get; }

    /// <summary>Whether it takes alerts of a severity, as configured.</summary>
    bool Takes(AlertSeverity severity);

    /// <summary>Sends an alert.</summary>
    /// <returns><see langword="null"/> when it arrived, otherwise why not.</returns>
    Task<AlertFailure?> SendAsync(StoredAlert alert, CancellationToken cancellationToken);
}
