using System.Text.Json.Serialization;

namespace AgentGate.Server.Setup;

/// <summary>Whether the first user has to be made.</summary>
internal sealed record SetupStatus
{
    [JsonPropertyName("setup_required")]
    public required bool SetupRequired { get; init; }

    /// <summary>0 while the setup is open; nothing afterwards, because it is nobody's business.</summary>
    [JsonPropertyName("user_count")]
    public int? UserCount { get; init; }

    /// <summary>Whether who asks has to give the code that the server wrote for its operator.</summary>
    [JsonPropertyName("code_required")]
    public required bool CodeRequired { get; init; }

    [JsonPropertyName("message")]
    public required string Message { get; init; }
}

/// <summary>The first user.</summary>
internal sealed record SetupRequest
{
    [JsonPropertyName("email")]
    public required string Email { get; init; }

    [JsonPropertyName("password")]
    public required string Password { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>The code at the server's terminal and in its state directory; in the development environment not needed on the server's own machine.</summary>
    [JsonPropertyName("setup_code")]
    public string? SetupCode { get; init; }

    /// <summary>Whether to make a first API key, too.</summary>
    [JsonPropertyName("create_api_key")]
    public bool CreateApiKey { get; init; }
}

/// <summary>What the setup made.</summary>
internal sealed record SetupResult
{
    [JsonPropertyName("success")]
    public required bool Success { get; init; }

    [JsonPropertyName("user_id")]
    public required string UserId { get; init; }

    [JsonPropertyName("email")]
    public required string Email { get; init; }

    [JsonPropertyName("role")]
    public required string Role { get; init; }

    /// <summary>The key's text: here and nowhere else.</summary>
    [JsonPropertyName("api_key")]
    public string? ApiKey { get; init; }

    [JsonPropertyName("api_key_prefix")]
    public string? ApiKeyPrefix { get; init; }

    [JsonPropertyName("credentials_file_hint")]
    public required string CredentialsFileHint { get; init; }

    [JsonPropertyName("next_steps")]
    public required IReadOnlyList<string> NextSteps { get; init; }
}
