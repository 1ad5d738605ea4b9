namespace AgentGate.Identity;

/// <summary>Something that is good once, for a while. Immutable.</summary>
internal sealed record OneTimeRecord
{
    /// <summary>What it is: a word, part of its identity.</summary>
    public required string Kind { get; init; }

    /// <summary>Lower-case hex SHA-256 of its secret.</summary>
    public required string SecretDigest { get; init; }

    /// <summary>Whose; <c>system</c> where nobody knows yet.</summary>
    public required string Tenant { get; init; }

    /// <summary>The user it concerns, or empty.</summary>
    public string UserId { get; init; } = string.Empty;

    /// <summary>What it says, in a form of its kind. Kept encrypted.</summary>
    public required string Content { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Raised by the store with each change.</summary>
    public long Version { get; init; }
}
