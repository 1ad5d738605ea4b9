using System.Text.Json;

namespace AgentGate.Server.Keys;

/// <summary>What the caller may put into a new key.</summary>
/// <param name="Scopes">The scopes that the caller may give.</param>
/// <param name="Wildcard">Whether <c>*</c> is among them: all that the caller's role may do at the time of each use.</param>
/// <param name="ExpiresInDaysMin">The shortest expiry.</param>
/// <param name="ExpiresInDaysMax">The longest expiry.</param>
/// <param name="ExpiresInDaysDefault">The expiry of a key that names none.</param>
/// <param name="KeysMax">The most good keys a user may have.</param>
internal sealed record KeyCapabilities(
    IReadOnlyList<string> Scopes, bool Wildcard, int ExpiresInDaysMin, int ExpiresInDaysMax, int ExpiresInDaysDefault, int KeysMax);

/// <summary>What a new key shall be.</summary>
internal sealed record KeyDraft
{
    /// <summary>What its owner calls it: 1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The scopes: an array, or a text with commas. Without them the key opens the doors.</summary>
    public JsonElement? Scopes { get; init; }

    /// <summary>In how many days it expires: 1 to 365. Without it in 90.</summary>
    public int? ExpiresInDays { get; init; }

    /// <summary>The agent it authenticates: <c>agent_</c> and letters, digits, <c>-</c> or <c>_</c>. Without it a new one.</summary>
    public string? PrincipalId { get; init; }
}

/// <summary>A key as its owner sees it.</summary>
internal record KeyView
{
    public required string Id { get; init; }

    /// <summary>The beginning of the key's text, by which its holder knows it.</summary>
    public required string Prefix { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The agent it authenticates.</summary>
    public required string PrincipalId { get; init; }

    /// <summary>The user who answers for it; none for a key that the server's operator made.</summary>
    public string? OwnerId { get; init; }

    /// <summary><c>active</c>, <c>expired</c> or <c>revoked</c>.</summary>
    public required string Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was last used, some seconds exact.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }
}

/// <summary>A key just made, with its text: shown this once.</summary>
internal sealed record NewKeyView : KeyView
{
    /// <summary>The key's text. Kept nowhere.</summary>
    public required string Key { get; init; }
}

/// <summary>Keys, newest first.</summary>
/// <param name="Keys">The keys.</param>
internal sealed record KeyList(IReadOnlyList<KeyView> Keys);
