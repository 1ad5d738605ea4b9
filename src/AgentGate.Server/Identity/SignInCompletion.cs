using System.Collections.Immutable;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity;

/// <summary>
/// Signs in a user who proved itself, however it did: puts it on record, forgets failed tries, begins the session, and gives the published
/// result. The one way to a session, but for the link of the development environment.
/// </summary>
internal sealed class SignInCompletion(
    SignIns signIns, AccessTokens tokens, IdentityActs acts, SignInLimits limits, IUserDirectory users, GateMetrics metrics, TimeProvider time, IOptions<SignInOptions> options,
    ISecurityEvents? events = null)
{
    private const int Retries = 5;
    private const string Changed = "The account was changed while it signed in; it is not signed in.";

    /// <summary>Begins the session.</summary>
    /// <param name="context">The request.</param>
    /// <param name="user">The user as it was read before it proved itself. Must be active.</param>
    /// <param name="assurance">How sure.</param>
    /// <param name="methods">How (RFC 8176).</param>
    /// <param name="cookie">Whether a browser signs in; the cookie is set, and no token given.</param>
    /// <param name="detail">How, in a word for the record.</param>
    /// <param name="provider">Who says so.</param>
    /// <param name="passwordHash">A better hash of the password, or <see langword="null"/>.</param>
    /// <param name="scopes">What the session is held to; <see langword="default"/> for all the user may do.</param>
    /// <exception cref="InvalidOperationException">The user was disabled, or the password it showed was changed, meanwhile: it is not signed in.</exception>
    /// <param name="provedAt">When the user proved itself, where that was not now.</param>
    public async Task<LoginResult> CompleteAsync(
        HttpContext context, User user, Assurance assurance, ImmutableArray<string> methods, bool cookie, string detail,
        string provider = UserSources.Local, string? passwordHash = null, ImmutableArray<string> scopes = default, DateTimeOffset? provedAt = null)
    {
        var cancel = context.RequestAborted;
        await acts.AppendAsync(context, user.Tenant, user.Id, "auth.sign-in", detail);
        await limits.SucceededAsync(EmailAddress.Fold(user.Email), cancel);
        user = await NoteAsync(user, passwordHash, cancel);

        // Whoever put a cookie of its choice into the browser has nothing from it: the session is new, and the one before ends.
        if (cookie && await signIns.FindByCookieAsync(SignInCookie.Read(context.Request), cancel) is { } former)
        {
            await signIns.EndAsync(former.Session, SignInEndings.SignedOut, cancel);
        }

        var (session, secret) = await signIns.BeginAsync(user, cookie ? SignInKinds.Cookie : SignInKinds.Token, assurance, methods, ActOrigins.Of(context), cancel, scopes, provedAt);
        if (!IsStillGood(user, await users.FindAsync(user.Id, cancel)))
        {
            // What ended the sessions of the user may have come before this one was there.
            await signIns.EndAsync(session, SignInEndings.Revoked, CancellationToken.None);
            throw new InvalidOperationException(Changed);
        }

        if (cookie)
        {
            SignInCookie.Write(context, secret, options.Value.CookieSession);
        }

        metrics.SignIn("auth.sign-in", "done");
        if (events is not null)
        {
            var origin = ActOrigins.Of(context);
            await events.ReportAsync(
                new SecurityEvent.SignInSucceeded
                {
                    Address = origin.Address, UserAgent = origin.UserAgent, Account = EmailAddress.Fold(user.Email), Tenant = user.Tenant, UserId = user.Id,
                },
                cancel);
        }

        var signedIn = new SignedIn(session, user);
        return new LoginResult
        {
            AccessToken = cookie ? null : tokens.Create(session, user),
            RefreshToken = cookie ? null : secret,
            TokenType = cookie ? null : "bearer",
            ExpiresIn = cookie ? (int)options.Value.CookieSession.TotalSeconds : tokens.ExpiresIn,
            CsrfToken = cookie ? IdentitySecrets.CsrfTokenOf(secret) : null,
            User = UserView.Of(user),
            MustChangePassword = user.MustChangePassword,
            SecurityWarning = WarningOf(user),
            AuthProvider = provider,
            SessionAssurance = assurance.ToString(),
            PrincipalRisk = $"R{RiskModel.OfRole(user.Role)}",
            TenantId = user.Tenant,
            Roles = [user.Role],
            Scopes = [.. signedIn.ToCaller(CallerKind.Token).Principal.Scopes.Order(StringComparer.Ordinal)],
        };
    }

    private static string? WarningOf(User user)
        => user.MustChangePassword ? "Change your password: somebody else has set it."
            : !user.TotpEnabled && user.Source == UserSources.Local && RiskModel.OfRole(user.Role) > 1 ? "Set up a second factor: your role can do damage."
            : null;

    private static bool IsStillGood(User proved, User? now)
        => now is { IsActive: true } && now.Tenant == proved.Tenant && now.PasswordHash == proved.PasswordHash;

    /// <summary>Notes when the user signed in, and a better hash. Somebody else may change the user meanwhile; what it proved must still be so.</summary>
    private async Task<User> NoteAsync(User user, string? passwordHash, CancellationToken cancellationToken)
    {
        for (var round = 0; round < Retries; round++)
        {
            var noted = user with { LastSignInAt = time.GetUtcNow(), PasswordHash = passwordHash ?? user.PasswordHash };
            if (await users.UpdateAsync(noted, cancellationToken) == UserChange.Done)
            {
                return noted with { Version = noted.Version + 1 };
            }

            var now = await users.FindAsync(user.Id, cancellationToken);
            user = IsStillGood(user, now) ? now! : throw new InvalidOperationException(Changed);
        }

        // Signed in many times at once: when it was last is noted by the others.
        return user;
    }
}
