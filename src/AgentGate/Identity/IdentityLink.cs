namespace AgentGate.Identity;

/// <summary>Ties an identity of a provider to a user: from the second time on the subject counts, and no e-mail address. Immutable.</summary>
/// <param name="Issuer">The provider's issuer.</param>
/// <param name="Subject">The provider's name for the person; kept as a digest.</param>
/// <param name="Tenant">The user's tenant.</param>
/// <param name="UserId">The user.</param>
/// <param name="CreatedAt">When they were tied.</param>
/// <param name="LastSeenAt">When the identity last signed in.</param>
internal sealed record IdentityLink(string Issuer, string Subject, string Tenant, string UserId, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt);
