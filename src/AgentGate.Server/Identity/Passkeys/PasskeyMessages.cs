using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AgentGate.Identity;

namespace AgentGate.Server.Identity.Passkeys;

/// <summary>What a browser gives to <c>navigator.credentials</c>, and the name of its challenge.</summary>
internal sealed record PasskeyStartResponse(
    [property: JsonPropertyName("options")] JsonNode Options,
    [property: JsonPropertyName("challenge_id")] string ChallengeId);

/// <summary>What an authenticator made.</summary>
internal sealed record PasskeyRegistrationRequest
{
    /// <summary>The credential as <c>toJSON()</c> writes it.</summary>
    [JsonPropertyName("credential")]
    public required JsonElement Credential { get; init; }

    [JsonPropertyName("challenge_id")]
    public required string ChallengeId { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }
}

/// <summary>Who wants to sign in. The address is taken for the sake of older programs, and not looked at: the answer is the same for everybody.</summary>
internal sealed record PasskeySignInStartRequest([property: JsonPropertyName("email")] string? Email = null);

/// <summary>What an authenticator signed.</summary>
internal sealed record PasskeySignInRequest
{
    /// <summary>The credential as <c>toJSON()</c> writes it.</summary>
    [JsonPropertyName("credential")]
    public required JsonElement Credential { get; init; }

    [JsonPropertyName("challenge_id")]
    public required string ChallengeId { get; init; }

    /// <summary>Taken for the sake of older programs, and not looked at.</summary>
    [JsonPropertyName("email")]
    public string? Email { get; init; }

    /// <summary>Whether a browser signs in: the answer sets a cookie and holds no token.</summary>
    [JsonPropertyName("cookie")]
    public bool Cookie { get; init; }
}

/// <summary>A new name.</summary>
internal sealed record PasskeyNameRequest([property: JsonPropertyName("name")] string Name);

/// <summary>A passkey as its owner sees it.</summary>
internal sealed record PasskeyEntry(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("last_used_at")] DateTimeOffset? LastUsedAt,
    [property: JsonPropertyName("transports")] IReadOnlyList<string> Transports,
    [property: JsonPropertyName("backed_up")] bool BackedUp)
{
    public static PasskeyEntry Of(Passkey passkey)
        => new(passkey.Id, passkey.Name, passkey.CreatedAt, passkey.LastUsedAt, [.. passkey.Transports], passkey.IsBackedUp);
}

/// <summary>One's own passkeys.</summary>
internal sealed record PasskeyListResponse([property: JsonPropertyName("passkeys")] IReadOnlyList<PasskeyEntry> Passkeys);
