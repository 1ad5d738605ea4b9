using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentGate.Server.Identity.Factors;

/// <summary>What a signed-in user proves itself by: a password, a code, or a passkey.</summary>
internal sealed record StepUpRequest
{
    [JsonPropertyName("password")]
    public string? Password { get; init; }

    /// <summary>The answer to a CAPTCHA, where one is asked for with the password.</summary>
    [JsonPropertyName("captcha_token")]
    public string? CaptchaToken { get; init; }

    /// <summary>Six digits of an authenticator.</summary>
    [JsonPropertyName("totp_code")]
    public string? TotpCode { get; init; }

    [JsonPropertyName("backup_code")]
    public string? BackupCode { get; init; }

    /// <summary>What a passkey signed, as <c>toJSON()</c> writes it.</summary>
    [JsonPropertyName("credential")]
    public JsonElement? Credential { get; init; }

    /// <summary>The challenge it signed, of <c>POST /api/auth/step-up/passkey-start</c>.</summary>
    [JsonPropertyName("challenge_id")]
    public string? ChallengeId { get; init; }
}

/// <summary>What the session is worth now.</summary>
internal sealed record StepUpResponse
{
    [JsonPropertyName("session_assurance")]
    public required string SessionAssurance { get; init; }

    [JsonPropertyName("auth_methods")]
    public required IReadOnlyList<string> AuthMethods { get; init; }

    [JsonPropertyName("authenticated_at")]
    public required DateTimeOffset AuthenticatedAt { get; init; }

    /// <summary>For a session of tokens: an access token that says so. The refresh token stays.</summary>
    [JsonPropertyName("access_token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AccessToken { get; init; }

    [JsonPropertyName("expires_in"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ExpiresIn { get; init; }

    /// <summary>For a cookie, which was replaced: what requests that change something carry now.</summary>
    [JsonPropertyName("csrf_token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CsrfToken { get; init; }
}
