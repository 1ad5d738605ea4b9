using System.Globalization;
using AgentGate.Alerts;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Alerts;

/// <summary>Sends alerts to a webhook, signed as Standard Webhooks says. The id is the alert's, whichever server sends it and however often.</summary>
internal sealed class WebhookChannel(AlertHttp http, IOptions<AlertOptions> options, TimeProvider time) : IAlertChannel
{
    public string Name => "webhook";

    public bool Takes(AlertSeverity severity) => options.Value.WebhookUrl is { Length: > 0 } && severity >= options.Value.WebhookMin;

    public Task<AlertFailure?> SendAsync(StoredAlert alert, CancellationToken cancellationToken)
    {
        if (options.Value is not { WebhookUrl: { Length: > 0 } url, WebhookSecret: { } secrets })
        {
            return Task.FromResult<AlertFailure?>(new AlertFailure("not-configured"));
        }

        var (body, now) = (AlertMessages.Webhook(alert), time.GetUtcNow());
        KeyValuePair<string, string>[] headers =
        [
            .. options.Value.WebhookHeaders,
            new(StandardWebhook.IdHeader, alert.Id),
            new(StandardWebhook.TimestampHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            new(StandardWebhook.SignatureHeader, StandardWebhook.SignAll(secrets, alert.Id, now, body)),
        ];
        return http.PostAsync(url, body, headers, cancellationToken);
    }
}
