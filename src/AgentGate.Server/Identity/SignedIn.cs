using AgentGate.Identity;
using AgentGate.Kernel.Decisions;
using AgentGate.Server.Access;

namespace AgentGate.Server.Identity;

/// <summary>A sign-in session and its user, as they are now. Immutable.</summary>
/// <param name="Session">The session.</param>
/// <param name="User">Its user.</param>
internal sealed record SignedIn(SignInSession Session, User User)
{
    /// <summary>What the user was given by name, as far as it is good.</summary>
    public IReadOnlyList<PiiPermission> Permissions { get; init; } = [];

    /// <summary>The same at a time: without the permissions that have expired.</summary>
    public SignedIn At(DateTimeOffset now)
        => Permissions.All(one => one.IsGood(now)) ? this : this with { Permissions = [.. Permissions.Where(one => one.IsGood(now))] };

    /// <summary>The caller this stands for: what the user may do now, and no more than the session was given.</summary>
    public Caller ToCaller(CallerKind kind)
    {
        // The permissions that have expired were taken out.
        var scopes = UserScopes.Of(User, Permissions, DateTimeOffset.MinValue);
        return new Caller(
            new Principal
            {
                Id = User.Id,
                Tenant = User.Tenant,
                UserId = User.Id,
                Roles = [User.Role],
                Scopes = [.. Session.Scopes.IsDefault ? scopes : Session.Scopes.Where(scopes.Contains)],
            },
            kind)
        {
            SignIn = new SignInFeature(Session.Id, (int)Session.Assurance, Session.AuthenticatedAt, User.MustChangePassword, User.TotpEnabled),
        };
    }
}
