using AgentGate.Alerts;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Alerts;

/// <summary>Sends alerts to the webhook of a Teams workflow.</summary>
internal sealed class TeamsChannel(AlertHttp http, IOptions<AlertOptions> options) : IAlertChannel
{
    public string Name => "teams";

    public bool Takes(AlertSeverity severity) => options.Value.TeamsUrl is { Length: > 0 } && severity >= options.Value.TeamsMin;

    public Task<AlertFailure?> SendAsync(StoredAlert alert, CancellationToken cancellationToken)
        => options.Value.TeamsUrl is { Length: > 0 } url
            ? http.PostAsync(url, AlertMessages.Teams(alert), [], cancellationToken)
            : Task.FromResult<AlertFailure?>(new AlertFailure("not-configured"));
}
