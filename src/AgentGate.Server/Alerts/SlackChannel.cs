using AgentGate.Alerts;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Alerts;

/// <summary>Sends alerts to an incoming webhook of Slack.</summary>
internal sealed class SlackChannel(AlertHttp http, IOptions<AlertOptions> options) : IAlertChannel
{
    public string Name => "slack";

    public bool Takes(AlertSeverity severity) => options.Value.SlackUrl is { Length: > 0 } && severity >= options.Value.SlackMin;

    public Task<AlertFailure?> SendAsync(StoredAlert alert, CancellationToken cancellationToken)
        => options.Value.SlackUrl is { Length: > 0 } url
            ? http.PostAsync(url, AlertMessages.Slack(alert, options.Value.SlackChannel), [], cancellationToken)
            : Task.FromResult<AlertFailure?>(new AlertFailure("not-configured"));
}
