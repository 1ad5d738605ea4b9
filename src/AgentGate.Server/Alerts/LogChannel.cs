using AgentGate.Alerts;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Alerts;

/// <summary>Puts alerts into the ordinary log, without addresses, accounts and users: those are in GET /api/alerts.</summary>
internal sealed partial class LogChannel(IOptions<AlertOptions> options, ILogger<LogChannel> logger) : IAlertChannel
{
    public string Name => "log";

    public bool Takes(AlertSeverity severity) => severity >= options.Value.LogMin;

    public Task<AlertFailure?> SendAsync(StoredAlert alert, CancellationToken cancellationToken)
    {
        var level = alert.Alert.Severity switch
        {
            AlertSeverity.Critical => LogLevel.Critical,
            AlertSeverity.High => LogLevel.Error,
            _ => LogLevel.Warning,
        };
        Log.Raised(logger, level, alert.Alert.Severity, alert.Alert.Category, alert.Alert.Source, alert.Alert.Title, alert.Repeats, alert.Id);
        return Task.FromResult<AlertFailure?>(null);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 6701, Message = Codes.AlertRaised + ": {Severity} alert {Category} from {Source}: {Title} ({Repeats} more counted). GET /api/alerts has the rest under {Alert}.")]
        public static partial void Raised(
            ILogger logger, LogLevel level, AlertSeverity severity, string category, string source, string title, long repeats, string alert);
    }
}
