namespace AgentGate.Identity;

/// <summary>A permission about personal data that a user was given. Immutable.</summary>
internal sealed record PiiPermission
{
    public required string Id { get; init; }

    public required string Tenant { get; init; }

    public required string UserId { get; init; }

    /// <summary>One of <see cref="PiiPermissionValues.All"/>.</summary>
    public required string Permission { get; init; }

    /// <summary>The user who gave it.</summary>
    public required string GrantedBy { get; init; }

    public required DateTimeOffset GrantedAt { get; init; }

    /// <summary>The first moment at which it is none; <see langword="null"/> for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Why, in the words of who gave it. May be personal: stored encrypted, never logged.</summary>
    public string Reason { get; init; } = string.Empty;

    public bool IsGood(DateTimeOffset now) => ExpiresAt is not { } until || now < until;
}
