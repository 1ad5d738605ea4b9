namespace AgentGate.Threats.Behaviour;

/// <summary>An origin that is refused for a while. Immutable.</summary>
internal sealed record BlockedAddress
{
    /// <summary>Who blocks where no person does.</summary>
    public const string BySystem = "system";

    /// <summary>The longest time an origin is blocked.</summary>
    public static readonly TimeSpan LongestBlock = TimeSpan.FromDays(30);

    /// <summary>The id: a keyed digest of the origin. Given by the store.</summary>
    public string Id { get; init; } = string.Empty;

    /// <summary>The origin: <see cref="NetworkOrigin"/>.</summary>
    public required string Origin { get; init; }

    /// <summary>A word: <c>brute-force</c>, <c>by-hand</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>The id of the user who blocked it, or <see cref="BySystem"/>.</summary>
    public required string BlockedBy { get; init; }

    public required DateTimeOffset BlockedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
