using System.Text.Json.Serialization;

namespace AgentGate.Server.Identity.Factors;

/// <summary>What a user has of a second factor.</summary>
internal sealed record MfaStatusResponse(
    [property: JsonPropertyName("enabled")] bool Enabled,
    [property: JsonPropertyName("method")] string? Method,
    [property: JsonPropertyName("pending")] bool Pending,
    [property: JsonPropertyName("last_verified")] DateTimeOffset? LastVerified,
    [property: JsonPropertyName("backup_codes_remaining")] int BackupCodesRemaining);

/// <summary>A secret to be put into an authenticator, shown once.</summary>
internal sealed record MfaBegunResponse(
    [property: JsonPropertyName("secret")] string Secret,
    [property: JsonPropertyName("qr_code")] string QrCode,
    [property: JsonPropertyName("backup_codes")] IReadOnlyList<string> BackupCodes,
    [property: JsonPropertyName("message")] string Message);

/// <summary>What became of a change to the second factor.</summary>
internal sealed record MfaChangedResponse(
    [property: JsonPropertyName("enabled")] bool Enabled,
    [property: JsonPropertyName("message")] string Message)
{
    /// <summary>For a cookie that was replaced: what requests that change something carry now.</summary>
    [JsonPropertyName("csrf_token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CsrfToken { get; init; }

    /// <summary>For a session of tokens: an access token that says what was proved. The one before does not.</summary>
    [JsonPropertyName("access_token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AccessToken { get; init; }
}

/// <summary>New backup codes, shown once.</summary>
internal sealed record BackupCodesResponse(
    [property: JsonPropertyName("backup_codes")] IReadOnlyList<string> BackupCodes,
    [property: JsonPropertyName("message")] string Message);

/// <summary>A code of an authenticator.</summary>
internal sealed record CodeRequest([property: JsonPropertyName("code")] string Code);

/// <summary>The password of who asks.</summary>
internal sealed record PasswordRequest([property: JsonPropertyName("password")] string Password)
{
    /// <summary>The answer to a CAPTCHA, where one is asked for.</summary>
    [JsonPropertyName("captcha_token")]
    public string? CaptchaToken { get; init; }
}
