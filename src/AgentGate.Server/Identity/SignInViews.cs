using System.Text.Json.Serialization;
using AgentGate.Identity;

namespace AgentGate.Server.Identity;

/// <summary>Signing in with a password.</summary>
internal sealed record LoginRequest
{
    [JsonPropertyName("email")]
    public required string Email { get; init; }

    [JsonPropertyName("password")]
    public required string Password { get; init; }

    /// <summary>Six digits of an authenticator.</summary>
    [JsonPropertyName("totp_code")]
    public string? TotpCode { get; init; }

    [JsonPropertyName("backup_code")]
    public string? BackupCode { get; init; }

    [JsonPropertyName("captcha_token")]
    public string? CaptchaToken { get; init; }

    /// <summary>Whether a browser signs in: the answer sets a cookie and holds no token.</summary>
    [JsonPropertyName("cookie")]
    public bool Cookie { get; init; }
}

/// <summary>A session that has begun.</summary>
internal sealed record LoginResult
{
    [JsonPropertyName("access_token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AccessToken { get; init; }

    [JsonPropertyName("refresh_token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RefreshToken { get; init; }

    [JsonPropertyName("token_type"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TokenType { get; init; }

    /// <summary>Seconds until the access token, or the cookie, expires.</summary>
    [JsonPropertyName("expires_in")]
    public required int ExpiresIn { get; init; }

    /// <summary>For a cookie: what requests that change something carry as <c>X-AgentGate-CSRF</c>.</summary>
    [JsonPropertyName("csrf_token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CsrfToken { get; init; }

    [JsonPropertyName("user")]
    public required UserView User { get; init; }

    [JsonPropertyName("must_change_password")]
    public required bool MustChangePassword { get; init; }

    /// <summary>What the user should do about the account, or nothing.</summary>
    [JsonPropertyName("security_warning")]
    public string? SecurityWarning { get; init; }

    [JsonPropertyName("auth_provider")]
    public required string AuthProvider { get; init; }

    [JsonPropertyName("session_assurance")]
    public required string SessionAssurance { get; init; }

    [JsonPropertyName("principal_risk")]
    public required string PrincipalRisk { get; init; }

    [JsonPropertyName("tenant_id")]
    public required string TenantId { get; init; }

    [JsonPropertyName("roles")]
    public required IReadOnlyList<string> Roles { get; init; }

    [JsonPropertyName("scopes")]
    public required IReadOnlyList<string> Scopes { get; init; }
}

/// <summary>The password was right; a code of the second factor has to come with it.</summary>
internal sealed record SecondFactorNeeded(
    [property: JsonPropertyName("mfa_required")] bool MfaRequired,
    [property: JsonPropertyName("message")] string Message);

/// <summary>A user, as the user itself and whoever may read users sees it.</summary>
internal sealed record UserView
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("email")]
    public required string Email { get; init; }

    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("role")]
    public required string Role { get; init; }

    [JsonPropertyName("is_active")]
    public required bool IsActive { get; init; }

    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("totp_enabled")]
    public required bool TotpEnabled { get; init; }

    [JsonPropertyName("last_login")]
    public DateTimeOffset? LastLogin { get; init; }

    public static UserView Of(User user) => new()
    {
        Id = user.Id, Email = user.Email, Name = user.Name, Role = user.Role, IsActive = user.IsActive, CreatedAt = user.CreatedAt,
        TotpEnabled = user.TotpEnabled, LastLogin = user.LastSignInAt,
    };
}

/// <summary>Who one is, in the session that asks.</summary>
internal sealed record MeView
{
    [JsonPropertyName("user")]
    public required UserView User { get; init; }

    [JsonPropertyName("session_id")]
    public required string SessionId { get; init; }

    [JsonPropertyName("session_assurance")]
    public required string SessionAssurance { get; init; }

    [JsonPropertyName("auth_methods")]
    public required IReadOnlyList<string> AuthMethods { get; init; }

    [JsonPropertyName("authenticated_at")]
    public required DateTimeOffset AuthenticatedAt { get; init; }

    [JsonPropertyName("must_change_password")]
    public required bool MustChangePassword { get; init; }

    [JsonPropertyName("tenant_id")]
    public required string TenantId { get; init; }

    [JsonPropertyName("roles")]
    public required IReadOnlyList<string> Roles { get; init; }

    [JsonPropertyName("scopes")]
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>For the cookie of a browser: what requests that change something carry as <c>X-AgentGate-CSRF</c>.</summary>
    [JsonPropertyName("csrf_token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CsrfToken { get; init; }
}

/// <summary>A refresh token.</summary>
internal sealed record RefreshRequest
{
    [JsonPropertyName("refresh_token")]
    public required string RefreshToken { get; init; }
}

/// <summary>The next tokens of a session.</summary>
internal sealed record RefreshResponse(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("refresh_token")] string RefreshToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn);

/// <summary>What to sign out of; nothing is the session that asks.</summary>
internal sealed record RevokeRequest
{
    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; init; }
}

/// <summary>What was done.</summary>
internal sealed record StatusView([property: JsonPropertyName("status")] string Status);

/// <summary>Who signs people in here.</summary>
internal sealed record ProvidersView(
    [property: JsonPropertyName("mode")] string Mode,
    [property: JsonPropertyName("providers")] IReadOnlyList<SignInProviderView> Providers,
    [property: JsonPropertyName("local_password_auth_allowed")] bool LocalPasswordAuthAllowed,
    [property: JsonPropertyName("registration_allowed")] bool RegistrationAllowed);
