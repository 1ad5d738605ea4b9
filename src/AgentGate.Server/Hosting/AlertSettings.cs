using System.Globalization;
using System.Text.Json;
using AgentGate.Alerts;
using AgentGate.Diagnostics;

namespace AgentGate.Server.Hosting;

/// <summary>Reads the published names of the options of alerts, SECURITY_ALERT_…; they have the last word.</summary>
internal static class AlertSettings
{
    private const string Prefix = "SECURITY_ALERT_";

    public static void Apply(IConfiguration configuration, AlertOptions options)
    {
        options.LogMin = Severity(configuration, "LOG_MIN_PRIORITY", options.LogMin);
        options.WebhookMin = Severity(configuration, "WEBHOOK_MIN_PRIORITY", options.WebhookMin);
        options.SlackMin = Severity(configuration, "SLACK_MIN_PRIORITY", options.SlackMin);
        options.TeamsMin = Severity(configuration, "TEAMS_MIN_PRIORITY", options.TeamsMin);
        options.WebhookUrl = Text(configuration, "WEBHOOK_URL") ?? options.WebhookUrl;
        options.WebhookSecret = Text(configuration, "WEBHOOK_SECRET") ?? options.WebhookSecret;
        options.SlackUrl = Text(configuration, "SLACK_WEBHOOK_URL") ?? options.SlackUrl;
        options.SlackChannel = Text(configuration, "SLACK_CHANNEL") ?? options.SlackChannel;
        options.TeamsUrl = Text(configuration, "TEAMS_WEBHOOK_URL") ?? options.TeamsUrl;
        options.Timeout = Seconds(configuration, "WEBHOOK_TIMEOUT_SECONDS", options.Timeout);
        options.Window = Seconds(configuration, "WINDOW_SECONDS", options.Window);
        options.Cooldown = Seconds(configuration, "COOLDOWN_SECONDS", options.Cooldown);
        options.DedupWindow = Seconds(configuration, "DEDUP_WINDOW_SECONDS", options.DedupWindow);
        if (Text(configuration, "MAX_PER_WINDOW") is { } most)
        {
            options.MaxPerWindow = int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Unusable("MAX_PER_WINDOW", "a number");
        }

        foreach (var (name, value) in Headers(configuration))
        {
            options.WebhookHeaders[name] = value;
        }
    }

    private static string? Text(IConfiguration configuration, string name) => configuration[Prefix + name] is { Length: > 0 } text ? text : null;

    private static Pipeline.AlertSeverity Severity(IConfiguration configuration, string name, Pipeline.AlertSeverity otherwise)
        => Text(configuration, name) is not { } word ? otherwise : AlertWords.Read(word) ?? throw Unusable(name, "low, medium, high or critical");

    private static TimeSpan Seconds(IConfiguration configuration, string name, TimeSpan otherwise)
        => Text(configuration, name) is not { } text ? otherwise
            : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= 86_400 ? TimeSpan.FromSeconds(seconds)
            : throw Unusable(name, "a number of seconds, at most a day");

    private static Dictionary<string, string> Headers(IConfiguration configuration)
    {
        try
        {
            return Text(configuration, "WEBHOOK_HEADERS_JSON") is { } json ? JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [] : [];
        }
        catch (JsonException)
        {
            throw Unusable("WEBHOOK_HEADERS_JSON", """a JSON object of texts: {"X-Team":"red"}""");
        }
    }

    private static InvalidOperationException Unusable(string name, string form) => new($"{Codes.ConfigurationInvalid}: {Prefix}{name} must be {form}.");
}
