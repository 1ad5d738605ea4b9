using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentGate.Alerts;

/// <summary>Takes alerts and puts them into the queue of the store. One that cannot be queued is logged, so that it is not lost silently.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class AlertDesk(
    IAlertStore store, IEnumerable<IAlertChannel> channels, AlertSignal signal, AlertMetrics metrics, IIdSource ids, TimeProvider time, IOptions<AlertOptions> options, ILogger<AlertDesk> logger)
    : IAlerts
{
    private readonly IAlertChannel[] _channels = [.. channels];

    public async ValueTask RaiseAsync(Alert alert, CancellationToken cancellationToken)
    {
        try
        {
            var choice = await store.AddAsync(new StoredAlert(ids.NewId(), alert, time.GetUtcNow()), ids.NewId(), ChannelsOf, options.Value, cancellationToken);
            metrics.Raised(alert, choice);
            if (choice is AlertChoice.Send)
            {
                signal.Set();
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            metrics.NotQueued();
            Log.NotQueued(logger, alert.Severity, alert.Category, alert.Source, alert.Title, failure);
        }
    }

    /// <summary>The names of the channels that take alerts of a severity.</summary>
    public IReadOnlyList<string> ChannelsOf(AlertSeverity severity) => [.. _channels.Where(channel => channel.Takes(severity)).Select(channel => channel.Name)];

    private static partial class Log
    {
        [LoggerMessage(6704, LogLevel.Critical, Codes.AlertNotQueued + ": a {Severity} alert ({Category} from {Source}: {Title}) could not be queued and is sent to nobody.")]
        public static partial void NotQueued(ILogger logger, AlertSeverity severity, string category, string source, string title, Exception failure);
    }
}
