using AgentGate.Identity;
using AgentGate.Kernel.Decisions;
using AgentGate.Server.Access;

namespace AgentGate.Server.Identity;

/// <summary>A sign-in session and its user, as they are now. Immutable.</summary>
/// <param name="Session">The session.</param>
/// <param name="User">Its user.</param>
internal sealed record SignedIn(SignInSession Session, User User)
{
    /// <summary>The caller this stands for: what the user's role may do now, and no more than the session was given.</summary>
    public Caller ToCaller(CallerKind kind)
    {
        var scopes = Roles.ScopesOf(User.Role);
        return new Caller(
            new Principal
            {
                Id = User.Id,
                Tenant = User.Tenant,
                Roles = [User.Role],
                Scopes = [.. Session.Scopes.IsDefault ? scopes : Session.Scopes.Where(scopes.Contains)],
            },
            kind)
        {
            SignIn = new SignInFeature(Session.Id, (int)Session.Assurance, Session.AuthenticatedAt, User.MustChangePassword, User.TotpEnabled),
        };
    }
}
