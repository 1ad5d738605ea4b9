using System.Text.Json.Serialization;

namespace AgentGate.Server.Identity.Device;

/// <summary>A device that wants to sign in (RFC 8628 §3.1), as JSON; the same names as a form.</summary>
internal sealed record DeviceCodeRequest
{
    /// <summary>What the device calls itself; its approver is shown it.</summary>
    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }

    /// <summary>The scopes it wants, separated by spaces; without them, what its approver may do.</summary>
    [JsonPropertyName("scope")]
    public string? Scope { get; init; }
}

/// <summary>The codes (RFC 8628 §3.2).</summary>
internal sealed record DeviceCodeResponse(
    [property: JsonPropertyName("device_code")] string DeviceCode,
    [property: JsonPropertyName("user_code")] string UserCode,
    [property: JsonPropertyName("verification_uri")] string VerificationUri,
    [property: JsonPropertyName("verification_uri_complete")] string VerificationUriComplete,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("interval")] int Interval);

/// <summary>A device that asks whether it was approved (RFC 8628 §3.4), as JSON; the same names as a form.</summary>
internal sealed record DeviceTokenRequest
{
    [JsonPropertyName("grant_type")]
    public string? GrantType { get; init; }

    [JsonPropertyName("device_code")]
    public string? DeviceCode { get; init; }

    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }
}

/// <summary>A code that a person read on a device.</summary>
internal sealed record UserCodeRequest([property: JsonPropertyName("user_code")] string UserCode);

/// <summary>What was decided.</summary>
internal sealed record DeviceDecisionResponse([property: JsonPropertyName("status")] string Status);

/// <summary>What waits under a code, for who may decide about it.</summary>
internal sealed record DeviceStatusResponse
{
    [JsonPropertyName("valid")]
    public required bool Valid { get; init; }

    /// <summary><c>pending</c>, <c>approved</c> or <c>denied</c>.</summary>
    [JsonPropertyName("status"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Status { get; init; }

    [JsonPropertyName("client_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientId { get; init; }

    /// <summary>Where the device asked from: is it yours?</summary>
    [JsonPropertyName("address"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Address { get; init; }

    /// <summary>The scopes it asked for; none is whatever its approver may do.</summary>
    [JsonPropertyName("scopes"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Scopes { get; init; }

    [JsonPropertyName("expires_in"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ExpiresIn { get; init; }
}
