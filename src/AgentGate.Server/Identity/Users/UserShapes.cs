using AgentGate.Identity;

namespace AgentGate.Server.Identity.Users;

/// <summary>A new user.</summary>
internal sealed record UserDraft
{
    public required string Email { get; init; }

    public required string Name { get; init; }

    /// <summary>One of the eight roles.</summary>
    public required string Role { get; init; }

    /// <summary>A first password, which the user has to change. Without one the user signs in through a provider, or after somebody sets one.</summary>
    public string? Password { get; init; }
}

/// <summary>What is to change about a user; what is left out stays.</summary>
internal sealed record UserPatch
{
    public string? Email { get; init; }

    public string? Name { get; init; }

    public string? Role { get; init; }

    public bool? IsActive { get; init; }

    /// <summary>A password that the user has to change at the next sign-in.</summary>
    public string? Password { get; init; }
}

/// <summary>A user as who may read users sees it.</summary>
/// <param name="Id">The pseudonymous id.</param>
/// <param name="Email">The e-mail address.</param>
/// <param name="Name">The name.</param>
/// <param name="Role">The role.</param>
/// <param name="IsActive">Whether the user may sign in.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="TotpEnabled">Whether an authenticator app is enrolled.</param>
/// <param name="MustChangePassword">Whether the password has to be changed first.</param>
/// <param name="Source"><c>local</c>, <c>oidc</c> or <c>development</c>.</param>
/// <param name="LastLogin">When the user last signed in.</param>
internal sealed record UserEntry(
    string Id, string Email, string Name, string Role, bool IsActive, DateTimeOffset CreatedAt, bool TotpEnabled, bool MustChangePassword, string Source,
    DateTimeOffset? LastLogin)
{
    public static UserEntry Of(User user) => new(
        user.Id, user.Email, user.Name, user.Role, user.IsActive, user.CreatedAt, user.TotpEnabled, user.MustChangePassword, user.Source, user.LastSignInAt);
}

/// <summary>A part of the users.</summary>
/// <param name="Users">The users.</param>
/// <param name="Total">How many fit what was asked for.</param>
/// <param name="Limit">How many were asked for at most.</param>
/// <param name="Offset">How many were passed over.</param>
internal sealed record UserPage(IReadOnlyList<UserEntry> Users, int Total, int Limit, int Offset);

/// <summary>A user that was deactivated.</summary>
/// <param name="Status"><c>deactivated</c>.</param>
/// <param name="Id">Whose id.</param>
internal sealed record UserDeactivated(string Status, string Id);
