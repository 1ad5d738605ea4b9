using System.Collections.Frozen;
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

    /// <summary>Whether the user has a passkey.</summary>
    public bool HasPasskey { get; init; }

    /// <summary>The same as far as a token says so: one that was made before a step-up proves nothing of it, whoever holds a copy.</summary>
    public SignedIn AsOf(TokenProof proof) => this with
    {
        Session = Session with
        {
            Assurance = proof.Assurance < Session.Assurance ? proof.Assurance : Session.Assurance,
            AuthenticatedAt = proof.AuthTime < Session.AuthenticatedAt.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(proof.AuthTime) : Session.AuthenticatedAt,
        },
    };

    /// <summary>The same at a time: without the permissions that have expired.</summary>
    public SignedIn At(DateTimeOffset now)
        => Permissions.All(one => one.IsGood(now)) ? this : this with { Permissions = [.. Permissions.Where(one => one.IsGood(now))] };

    /// <summary>The caller this stands for: what the user may do now, and no more than the session was given.</summary>
    public Caller ToCaller(CallerKind kind)
    {
        // The permissions that have expired were taken out.
        var all = UserScopes.Of(User, Permissions, DateTimeOffset.MinValue);
        var scopes = Session.Scopes.IsDefault ? all : Session.Scopes.Where(all.Contains).ToFrozenSet(StringComparer.Ordinal);
        return new Caller(
            new Principal
            {
                Id = User.Id,
                Tenant = User.Tenant,
                UserId = User.Id,

                // Who may not do all of a role has none: rules that ask for the role would give back what the session was not given.
                Roles = Roles.ScopesOf(User.Role).IsSubsetOf(scopes) ? [User.Role] : [],
                Scopes = [.. scopes],
            },
            kind)
        {
            SignIn = new SignInFeature(Session.Id, (int)Session.Assurance, Session.AuthenticatedAt, User.MustChangePassword, User.TotpEnabled || HasPasskey) { IsHeldToScopes = !Session.Scopes.IsDefault },
        };
    }
}
