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
    SignIns signIns, AccessTokens tokens, IdentityActs acts, FailedActs failed, SignInLimits limits, IUserDirectory users, GateMetrics metrics, TimeProvider time, IOptions<SignInOptions> options,
    ISecurityEvents? events = null)
{
    private const int Retries = 5;

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
    /// <param name="provedAt">When the user proved itself, where that was not now.</param>
    /// <returns>The result; nothing where the user was disabled, or its password changed, meanwhile: it is not signed in, and that is on record.</returns>
    public Task<LoginResult?> CompleteAsync(
        HttpContext context, User user, Assurance assurance, ImmutableArray<string> methods, bool cookie, string detail,
        string provider = UserSources.Local, string? passwordHash = null, ImmutableArray<string> scopes = default, DateTimeOffset? provedAt = null)
        => acts.DoAsync(
            context, user.Tenant, user.Id, "auth.sign-in", detail,
            () => BeginAsync(context, user, assurance, methods, cookie, provider, passwordHash, scopes, provedAt),

            // Whoever refuses it puts that on record, too.
            static _ => null);

    private async Task<LoginResult?> BeginAsync(
        HttpContext context, User user, Assurance assurance, ImmutableArray<string> methods, bool cookie, string provider, string? passwordHash, ImmutableArray<string> scopes,
        DateTimeOffset? provedAt)
    {
        var cancel = context.RequestAborted;
        await limits.SucceededAsync(EmailAddress.Fold(user.Email), cancel);
        if (await NoteAsync(user, passwordHash, cancel) is not { } noted)
        {
            return await ChangedAsync(context, user);
        }

        user = noted;

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
            return await ChangedAsync(context, user);
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

        var principal = new SignedIn(session, user).ToCaller(CallerKind.Token).Principal;
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
            Roles = principal.Roles,
            Scopes = [.. principal.Scopes.Order(StringComparer.Ordinal)],
        };
    }

    private static string? WarningOf(User user)
        => user.MustChangePassword ? "Change your password: somebody else has set it."
            : !user.TotpEnabled && user.Source == UserSources.Local && RiskModel.OfRole(user.Role) > 1 ? "Set up a second factor: your role can do damage."
            : null;

    /// <summary>Whether what a user proved is still so. Another hash of the same password, which a sign-in beside this one stored, is no other password.</summary>
    public static bool IsStillGood(User proved, User? now)
        => now is { IsActive: true } && now.Tenant == proved.Tenant
            && (now.PasswordHash == proved.PasswordHash || (now.PasswordHash is not null && proved.PasswordHash is not null && now.PasswordChangedAt == proved.PasswordChangedAt));

    /// <summary>The answer of a sign-in: what it gave, or that the account was changed meanwhile.</summary>
    public static IResult Answer(LoginResult? result)
        => result is null ? AccountProblem.Of(Codes.AccountChanged, "The account was changed while it signed in; it is not signed in. Try again.") : TypedResults.Ok(result);

    /// <summary>Puts on record that an account was changed while it signed in.</summary>
    public async Task<LoginResult?> ChangedAsync(HttpContext context, User user)
    {
        await failed.AddAsync(context, user.Tenant, user.Id, "auth.sign-in", Codes.AccountChanged);
        return null;
    }

    /// <summary>Notes when the user signed in, and a better hash. Somebody else may change the user meanwhile; what it proved must still be so.</summary>
    private async Task<User?> NoteAsync(User user, string? passwordHash, CancellationToken cancellationToken)
    {
        for (var round = 0; round < Retries; round++)
        {
            var noted = user with { LastSignInAt = time.GetUtcNow(), PasswordHash = passwordHash ?? user.PasswordHash };
            if (await users.UpdateAsync(noted, cancellationToken) == UserChange.Done)
            {
                return noted with { Version = noted.Version + 1 };
            }

            var now = await users.FindAsync(user.Id, cancellationToken);
            if (!IsStillGood(user, now))
            {
                return null;
            }

            user = now!;
        }

        // Signed in many times at once: when it was last is noted by the others.
        return user;
    }
}
