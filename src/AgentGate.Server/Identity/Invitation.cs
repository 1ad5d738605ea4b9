namespace AgentGate.Server.Identity;

/// <summary>An invitation without its secret. Immutable.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Tenant">Where the new user will be.</param>
/// <param name="Inviter">Who invited: the id of a user, or of the principal of a key.</param>
/// <param name="ByUser">Whether a user did.</param>
/// <param name="Email">Whom, or <see langword="null"/> for whoever has the secret.</param>
/// <param name="Role">The role the new user gets.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
internal sealed record Invitation(
    string Id, string Tenant, string Inviter, bool ByUser, string? Email, string Role, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);
