using System.ComponentModel;
using System.Text.Json.Serialization;

namespace AgentGate.Server.Threats;

/// <summary>Blocks an address by hand.</summary>
internal sealed record BlockAddressRequest
{
    /// <summary>An IPv4 or IPv6 address. Of IPv6 the network of 64 bits it is in is blocked.</summary>
    [Description("An IPv4 or IPv6 address, for example 203.0.113.9. Of IPv6 the network of 64 bits it is in is blocked.")]
    [JsonPropertyName("address")]
    public string? Address { get; init; }

    /// <summary>For how long, in seconds; 10 seconds to 30 days, one hour where it is left out.</summary>
    [Description("For how long, in seconds: 10 to 2592000; 3600 where it is left out.")]
    [JsonPropertyName("seconds")]
    public long? Seconds { get; init; }

    /// <summary>A word of at most 64 letters, digits and dashes.</summary>
    [Description("Why: a word of at most 64 lower-case letters, digits and dashes; by-hand where it is left out.")]
    [JsonPropertyName("reason")]
    public string? Reason { get; init; }
}

/// <summary>A blocked address.</summary>
internal sealed record BlockedAddressEntry
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("address")]
    public required string Address { get; init; }

    [JsonPropertyName("reason")]
    public required string Reason { get; init; }

    [JsonPropertyName("blocked_by")]
    public required string BlockedBy { get; init; }

    [JsonPropertyName("blocked_at")]
    public required DateTimeOffset BlockedAt { get; init; }

    [JsonPropertyName("expires_at")]
    public required DateTimeOffset ExpiresAt { get; init; }

    [JsonPropertyName("remaining_seconds")]
    public required long RemainingSeconds { get; init; }
}

/// <summary>The blocked addresses, the latest first.</summary>
internal sealed record BlockedAddressList([property: JsonPropertyName("blocked")] IReadOnlyList<BlockedAddressEntry> Blocked, [property: JsonPropertyName("total")] int Total);
