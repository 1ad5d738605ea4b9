using System.Text.Json.Serialization;

namespace AgentGate.Server.Identity;

/// <summary>What a page needs for a CAPTCHA.</summary>
/// <param name="Provider"><c>proof-of-work</c> or <c>hcaptcha</c>.</param>
/// <param name="SiteKey">The public key of the operator at hCaptcha.</param>
/// <param name="Challenge">What to work on.</param>
/// <param name="Difficulty">How many leading zero bits SHA-256 of <c>challenge:nonce</c> has to have.</param>
/// <param name="ExpiresAt">Until when the answer counts.</param>
internal sealed record CaptchaChallenge(
    [property: JsonPropertyName("provider")] string Provider,
    [property: JsonPropertyName("site_key")] string? SiteKey,
    [property: JsonPropertyName("challenge")] string? Challenge,
    [property: JsonPropertyName("difficulty")] int? Difficulty,
    [property: JsonPropertyName("expires_at")] DateTimeOffset? ExpiresAt);
