using System.Collections.Immutable;
using AgentGate.Pipeline;

namespace AgentGate.Identity;

/// <summary>One device on which a user is signed in. Immutable.</summary>
internal sealed record SignInSession
{
    public required string Id { get; init; }

    public required string Tenant { get; init; }

    public required string UserId { get; init; }

    /// <summary>One of <see cref="SignInKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Lower-case hex SHA-256 of the cookie's secret, or of the refresh token that is good now.</summary>
    public required string SecretDigest { get; init; }

    public required Assurance Assurance { get; init; }

    /// <summary>How the user proved itself: <c>pwd</c>, <c>otp</c>, <c>hwk</c>, … (RFC 8176).</summary>
    public required ImmutableArray<string> Methods { get; init; }

    /// <summary>The scopes it is held to, <see langword="default"/> for all of its user's.</summary>
    public ImmutableArray<string> Scopes { get; init; }

    /// <summary>Where it was begun.</summary>
    public required ActOrigin Origin { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the user last proved itself in this session.</summary>
    public required DateTimeOffset AuthenticatedAt { get; init; }

    public required DateTimeOffset LastActiveAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>One of <see cref="SignInEndings"/>.</summary>
    public string? RevokedFor { get; init; }

    public bool IsGood(DateTimeOffset now) => RevokedAt is null && now < ExpiresAt;
}
