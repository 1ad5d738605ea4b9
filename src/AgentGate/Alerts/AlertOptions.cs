using AgentGate.Pipeline;

namespace AgentGate.Alerts;

/// <summary>Where alerts go, and how many. Section <c>AgentGate:Alerts</c>; the published names are SECURITY_ALERT_….</summary>
internal sealed class AlertOptions
{
    public const string Section = "AgentGate:Alerts";

    /// <summary>From which severity on alerts are logged. Default low.</summary>
    public AlertSeverity LogMin { get; set; } = AlertSeverity.Low;

    /// <summary>From which severity on alerts go to the webhook. Default high.</summary>
    public AlertSeverity WebhookMin { get; set; } = AlertSeverity.High;

    /// <summary>From which severity on alerts go to Slack. Default high.</summary>
    public AlertSeverity SlackMin { get; set; } = AlertSeverity.High;

    /// <summary>From which severity on alerts go to Teams. Default high.</summary>
    public AlertSeverity TeamsMin { get; set; } = AlertSeverity.High;

    /// <summary>Where the webhook goes: https. Default none.</summary>
    public string? WebhookUrl { get; set; }

    /// <summary>
    /// What the webhook is signed with (Standard Webhooks): whsec_ and the base64 of 24 to 64 bytes. Up to three, divided by spaces: while a secret is
    /// replaced by another, what is sent carries a signature under each.
    /// </summary>
    public string? WebhookSecret { get; set; }

    /// <summary>Headers the webhook carries beside its own.</summary>
    public IDictionary<string, string> WebhookHeaders { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The incoming webhook of Slack. Default none.</summary>
    public string? SlackUrl { get; set; }

    /// <summary>The channel of Slack, where the webhook permits to choose.</summary>
    public string? SlackChannel { get; set; }

    /// <summary>The webhook of a Teams workflow. Default none.</summary>
    public string? TeamsUrl { get; set; }

    /// <summary>How long a receiver may take. Default 10 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether receivers may have private addresses and be reached without TLS. Default false; in development true.</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>How long the same alert is not sent again, unless its severity is higher. Default 300 seconds.</summary>
    public TimeSpan DedupWindow { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>The window in which alerts of one category and source are counted. Default 60 seconds.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How many alerts of one category and source are sent in a window. Default 10.</summary>
    public int MaxPerWindow { get; set; } = 10;

    /// <summary>How long alerts of a category and source are held back after that, and told of together at its end. Default 300 seconds.</summary>
    public TimeSpan Cooldown { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>How often delivery is tried. Default 8.</summary>
    public int TriesMax { get; set; } = 8;

    /// <summary>How long after the first failure it is tried again; the time grows fourfold with each, to an hour. Default 5 seconds.</summary>
    public TimeSpan RetryFirst { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long alerts are kept. Default 90 days.</summary>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(90);
}
