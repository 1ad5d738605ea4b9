using System.Text.Json.Serialization;

namespace AgentGate.Server.Identity;

/// <summary>Changing one's password.</summary>
internal sealed record PasswordRequest
{
    [JsonPropertyName("current_password")]
    public required string CurrentPassword { get; init; }

    [JsonPropertyName("new_password")]
    public required string NewPassword { get; init; }

    [JsonPropertyName("captcha_token")]
    public string? CaptchaToken { get; init; }
}

/// <summary>A changed password.</summary>
internal sealed record PasswordChanged(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("sessions_revoked")] int SessionsRevoked);

/// <summary>One device on which one is signed in.</summary>
internal sealed record SessionView
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary><c>Desktop</c>, <c>Mobile</c> or <c>Program</c>, as it says of itself.</summary>
    [JsonPropertyName("device")]
    public required string Device { get; init; }

    [JsonPropertyName("browser")]
    public required string Browser { get; init; }

    [JsonPropertyName("ip_address")]
    public required string IpAddress { get; init; }

    /// <summary>Where that is: nobody is asked, so it is not known.</summary>
    [JsonPropertyName("location")]
    public required string Location { get; init; }

    /// <summary><c>cookie</c> or <c>token</c>.</summary>
    [JsonPropertyName("kind")]
    public required string Kind { get; init; }

    [JsonPropertyName("session_assurance")]
    public required string SessionAssurance { get; init; }

    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("last_active")]
    public required DateTimeOffset LastActive { get; init; }

    [JsonPropertyName("expires_at")]
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether it is the session that asks.</summary>
    [JsonPropertyName("is_current")]
    public required bool IsCurrent { get; init; }
}

/// <summary>One's sessions, the latest active first.</summary>
internal sealed record SessionList([property: JsonPropertyName("sessions")] IReadOnlyList<SessionView> Sessions);

/// <summary>How many sessions ended.</summary>
internal sealed record RevokedView([property: JsonPropertyName("revoked")] int Revoked);

/// <summary>How many sessions of a user ended, of tokens and of browsers.</summary>
internal sealed record UserSessionsRevoked(
    [property: JsonPropertyName("tokens_revoked")] int TokensRevoked,
    [property: JsonPropertyName("sessions_revoked")] int SessionsRevoked);

/// <summary>Whose second factor is asked for.</summary>
internal sealed record CheckMfaRequest
{
    [JsonPropertyName("email")]
    public required string Email { get; init; }
}

/// <summary>The one answer to it.</summary>
internal sealed record CheckMfaView(
    [property: JsonPropertyName("mfa_enabled")] bool MfaEnabled,
    [property: JsonPropertyName("message")] string Message);

/// <summary>Who asks, and what the caller may do.</summary>
internal sealed record ContextView
{
    [JsonPropertyName("principal_id")]
    public required string PrincipalId { get; init; }

    [JsonPropertyName("tenant_id")]
    public required string TenantId { get; init; }

    /// <summary><c>key</c>, <c>visitor</c>, <c>token</c> or <c>cookie</c>.</summary>
    [JsonPropertyName("credential")]
    public required string Credential { get; init; }

    [JsonPropertyName("roles")]
    public required IReadOnlyList<string> Roles { get; init; }

    [JsonPropertyName("scopes")]
    public required IReadOnlyList<string> Scopes { get; init; }

    [JsonPropertyName("principal_risk")]
    public required string PrincipalRisk { get; init; }

    /// <summary>Nothing for a key: it proves no person.</summary>
    [JsonPropertyName("session_assurance")]
    public string? SessionAssurance { get; init; }

    [JsonPropertyName("authenticated_at")]
    public DateTimeOffset? AuthenticatedAt { get; init; }
}

/// <summary>What one would do.</summary>
internal sealed record EvaluateRequest
{
    [JsonPropertyName("action")]
    public required string Action { get; init; }

    [JsonPropertyName("resource")]
    public string? Resource { get; init; }

    /// <summary>S0 to S4; S1 where nothing is said.</summary>
    [JsonPropertyName("action_sensitivity")]
    public string? ActionSensitivity { get; init; }

    /// <summary>T0 to T4; T0 where nothing is said.</summary>
    [JsonPropertyName("runtime_threat")]
    public string? RuntimeThreat { get; init; }
}

/// <summary>What the model of risk says to it.</summary>
internal sealed record EvaluateView
{
    [JsonPropertyName("allowed")]
    public required bool Allowed { get; init; }

    /// <summary><c>allow</c> or <c>deny</c>.</summary>
    [JsonPropertyName("decision")]
    public required string Decision { get; init; }

    [JsonPropertyName("reason")]
    public required string Reason { get; init; }

    [JsonPropertyName("principal_risk")]
    public required string PrincipalRisk { get; init; }

    [JsonPropertyName("effective_risk")]
    public required string EffectiveRisk { get; init; }

    [JsonPropertyName("required_assurance")]
    public required string RequiredAssurance { get; init; }

    [JsonPropertyName("session_assurance")]
    public string? SessionAssurance { get; init; }

    [JsonPropertyName("step_up_required")]
    public required bool StepUpRequired { get; init; }

    [JsonPropertyName("obligations")]
    public required IReadOnlyList<string> Obligations { get; init; }
}

/// <summary>Whether the caller may use the tools of the MCP server.</summary>
internal sealed record McpAccessView
{
    [JsonPropertyName("allowed")]
    public required bool Allowed { get; init; }

    [JsonPropertyName("reason")]
    public required string Reason { get; init; }

    [JsonPropertyName("role")]
    public string? Role { get; init; }

    [JsonPropertyName("privileged_roles")]
    public required IReadOnlyList<string> PrivilegedRoles { get; init; }

    [JsonPropertyName("required_scopes")]
    public required IReadOnlyList<string> RequiredScopes { get; init; }

    [JsonPropertyName("presented_scopes")]
    public required IReadOnlyList<string> PresentedScopes { get; init; }
}
