using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentGate.Alerts;
using AgentGate.Pipeline;

namespace AgentGate.Server.Alerts;

/// <summary>Alerts in the forms of their receivers. The account and its program are in none of them: they stay with the server.</summary>
internal static class AlertMessages
{
    private const string SlackName = "AgentGate Security";

    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>The form of our own webhook: type, timestamp, data, as Standard Webhooks recommends.</summary>
    public static byte[] Webhook(StoredAlert alert)
    {
        var details = new JsonObject();
        foreach (var detail in alert.Alert.Details)
        {
            details[detail.Name] = detail.Value;
        }

        return Bytes(new JsonObject
        {
            ["type"] = "security.alert",
            ["timestamp"] = alert.RaisedAt,
            ["data"] = new JsonObject
            {
                ["alert_id"] = alert.Id,
                ["priority"] = AlertWords.Of(alert.Alert.Severity),
                ["title"] = alert.Alert.Title,
                ["description"] = alert.Alert.Description,
                ["source"] = alert.Alert.Source,
                ["category"] = alert.Alert.Category,
                ["ip"] = alert.Alert.Address,
                ["user"] = alert.Alert.UserId,
                ["fingerprint"] = AlertFingerprint.Of(alert.Alert),
                ["summary"] = alert.IsSummary,
                ["repeats"] = alert.Repeats,
                ["details"] = details,
            },
        });
    }

    /// <summary>The form of Slack's incoming webhooks.</summary>
    public static byte[] Slack(StoredAlert alert, string? channel)
    {
        var fields = new JsonArray();
        foreach (var (name, value) in Facts(alert))
        {
            fields.Add(new JsonObject { ["title"] = Slack(name), ["value"] = Slack(value), ["short"] = true });
        }

        var message = new JsonObject
        {
            ["username"] = SlackName,
            ["text"] = Slack(Headline(alert)),
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["color"] = alert.Alert.Severity switch
                {
                    AlertSeverity.Critical => "#8b0000",
                    AlertSeverity.High => "#d9534f",
                    AlertSeverity.Medium => "#f0ad4e",
                    _ => "#5bc0de",
                },
                ["title"] = Slack(alert.Alert.Title),
                ["text"] = Slack(alert.Alert.Description),
                ["fields"] = fields,
                ["footer"] = SlackName,
                ["ts"] = alert.RaisedAt.ToUnixTimeSeconds(),
            }),
        };
        if (channel is { Length: > 0 })
        {
            message["channel"] = channel;
        }

        return Bytes(message);
    }

    /// <summary>The form of the webhook of a Teams workflow: an Adaptive Card.</summary>
    public static byte[] Teams(StoredAlert alert)
    {
        var facts = new JsonArray();
        foreach (var (name, value) in Facts(alert))
        {
            facts.Add(new JsonObject { ["title"] = name, ["value"] = value });
        }

        return Bytes(new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["contentType"] = "application/vnd.microsoft.card.adaptive",
                ["contentUrl"] = null,
                ["content"] = new JsonObject
                {
                    ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                    ["type"] = "AdaptiveCard",
                    ["version"] = "1.4",
                    ["body"] = new JsonArray(
                        new JsonObject
                        {
                            ["type"] = "TextBlock",
                            ["text"] = Headline(alert),
                            ["weight"] = "Bolder",
                            ["size"] = "Medium",
                            ["wrap"] = true,
                            ["color"] = alert.Alert.Severity switch { AlertSeverity.Critical or AlertSeverity.High => "Attention", AlertSeverity.Medium => "Warning", _ => "Default" },
                        },
                        new JsonObject { ["type"] = "TextBlock", ["text"] = alert.Alert.Description, ["wrap"] = true },
                        new JsonObject { ["type"] = "FactSet", ["facts"] = facts }),
                },
            }),
        });
    }

    private static string Headline(StoredAlert alert) => $"{AlertWords.Of(alert.Alert.Severity).ToUpperInvariant()}: {alert.Alert.Title}";

    private static IEnumerable<(string Name, string Value)> Facts(StoredAlert alert)
    {
        yield return ("category", alert.Alert.Category);
        yield return ("source", alert.Alert.Source);
        if (alert.Alert.Address.Length > 0)
        {
            yield return ("ip", alert.Alert.Address);
        }

        if (alert.Alert.UserId.Length > 0)
        {
            yield return ("user", alert.Alert.UserId);
        }

        foreach (var detail in alert.Alert.Details)
        {
            yield return (detail.Name, detail.Value);
        }

        if (alert.Repeats > 0)
        {
            yield return (alert.IsSummary ? "held back" : "repeats", alert.Repeats.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        yield return ("alert", alert.Id);
    }

    /// <summary>Slack reads three characters as markup.</summary>
    private static string Slack(string text)
        => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static byte[] Bytes(JsonObject message) => JsonSerializer.SerializeToUtf8Bytes(message, s_json);
}
