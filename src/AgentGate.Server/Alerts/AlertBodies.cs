using System.ComponentModel;
using System.Text.Json.Serialization;

namespace AgentGate.Server.Alerts;

/// <summary>Asks for a test alert.</summary>
internal sealed record AlertTestRequest
{
    /// <summary>low, medium, high or critical.</summary>
    [Description("low, medium, high or critical; high where it is left out.")]
    [JsonPropertyName("priority")]
    public string? Priority { get; init; }
}

/// <summary>Where a test alert goes.</summary>
internal sealed record AlertTestResult([property: JsonPropertyName("status")] string Status, [property: JsonPropertyName("channels")] IReadOnlyList<string> Channels);

/// <summary>An alert.</summary>
internal sealed record AlertEntry
{
    [JsonPropertyName("alert_id")]
    public required string AlertId { get; init; }

    [JsonPropertyName("priority")]
    public required string Priority { get; init; }

    [JsonPropertyName("category")]
    public required string Category { get; init; }

    [JsonPropertyName("source")]
    public required string Source { get; init; }

    [JsonPropertyName("title")]
    public required string Title { get; init; }

    [JsonPropertyName("description")]
    public required string Description { get; init; }

    [JsonPropertyName("ip")]
    public required string Ip { get; init; }

    [JsonPropertyName("user")]
    public required string User { get; init; }

    /// <summary>The account it is about, and its program: personal.</summary>
    [JsonPropertyName("account")]
    public required string Account { get; init; }

    [JsonPropertyName("user_agent")]
    public required string UserAgent { get; init; }

    [JsonPropertyName("details")]
    public required IReadOnlyDictionary<string, string> Details { get; init; }

    [JsonPropertyName("raised_at")]
    public required DateTimeOffset RaisedAt { get; init; }

    [JsonPropertyName("repeats")]
    public required long Repeats { get; init; }

    /// <summary>Whether it tells together of alerts that were held back.</summary>
    [JsonPropertyName("summary")]
    public required bool Summary { get; init; }

    [JsonPropertyName("deliveries")]
    public required IReadOnlyList<AlertDeliveryEntry> Deliveries { get; init; }
}

/// <summary>How far the delivery through one channel is: waiting, sent or given-up.</summary>
internal sealed record AlertDeliveryEntry(
    [property: JsonPropertyName("channel")] string Channel,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("tries")] long Tries,
    [property: JsonPropertyName("failure")] string? Failure);

/// <summary>The latest alerts, the latest first.</summary>
internal sealed record AlertList([property: JsonPropertyName("alerts")] IReadOnlyList<AlertEntry> Alerts);
