using System.Text.Json.Serialization;

namespace AgentGate.Server.Identity;

/// <summary>Registering.</summary>
internal sealed record RegisterRequest
{
    [JsonPropertyName("email")]
    public required string Email { get; init; }

    [JsonPropertyName("password")]
    public required string Password { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>The secret of an invitation.</summary>
    [JsonPropertyName("invitation")]
    public string? Invitation { get; init; }

    /// <summary>A solved CAPTCHA; needed without an invitation.</summary>
    [JsonPropertyName("captcha_token")]
    public string? CaptchaToken { get; init; }
}

/// <summary>A registration without an invitation: the same for every address.</summary>
/// <param name="Status"><c>accepted</c>.</param>
/// <param name="Detail">What that means.</param>
internal sealed record RegistrationAccepted([property: JsonPropertyName("status")] string Status, [property: JsonPropertyName("detail")] string Detail);

/// <summary>Inviting somebody.</summary>
internal sealed record InvitationRequest
{
    /// <summary>Whom; with nothing, whoever has the secret.</summary>
    [JsonPropertyName("email")]
    public string? Email { get; init; }

    /// <summary>The role the new user gets. Never admin, and nothing that the inviter may not.</summary>
    [JsonPropertyName("role")]
    public string? Role { get; init; }
}

/// <summary>An invitation that was made. Its secret is here and nowhere else.</summary>
internal sealed record InvitationCreated
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("invitation")]
    public required string Invitation { get; init; }

    [JsonPropertyName("link")]
    public required string Link { get; init; }

    /// <summary>What to write beside the link to who is invited.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }

    [JsonPropertyName("email")]
    public string? Email { get; init; }

    [JsonPropertyName("role")]
    public required string Role { get; init; }

    [JsonPropertyName("expires_at")]
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>An invitation that is open.</summary>
internal sealed record InvitationView
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("email")]
    public string? Email { get; init; }

    [JsonPropertyName("role")]
    public required string Role { get; init; }

    [JsonPropertyName("invited_by")]
    public required string InvitedBy { get; init; }

    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("expires_at")]
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>The open invitations of a tenant, newest first.</summary>
internal sealed record InvitationList([property: JsonPropertyName("invitations")] IReadOnlyList<InvitationView> Invitations);
