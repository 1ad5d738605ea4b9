using System.Collections.Immutable;
using AgentGate.Identity;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity.Factors;

/// <summary>
/// Notes in a session that its user proved itself anew. What the session is worth afterwards is what was proved, and since when; a cookie gets
/// a new secret, so that whoever knew the one before has nothing from the proof.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class StepUps(ISignInSessionStore sessions, IIdSource ids, TimeProvider time, IOptions<SignInOptions> options)
{
    /// <summary>Stores the proof.</summary>
    /// <returns>The session as it is now, and its new cookie secret; nothing where it has ended.</returns>
    public async Task<(SignInSession Session, string? Secret)?> RaiseAsync(
        HttpContext context, string sessionId, string userId, Assurance assurance, ImmutableArray<string> methods)
    {
        // From the store and not from the cache: a refresh token may have been exchanged a moment ago.
        var now = time.GetUtcNow();
        if (await sessions.FindAsync(sessionId, context.RequestAborted) is not { } former || former.UserId != userId || !former.IsGood(now))
        {
            return null;
        }

        var secret = former.Kind == SignInKinds.Cookie ? IdentitySecrets.Create(ids) : null;
        var session = former with
        {
            Assurance = assurance,
            Methods = [.. former.Methods.Union(methods, StringComparer.Ordinal)],
            AuthenticatedAt = now,
            LastActiveAt = now,
            SecretDigest = secret is null ? former.SecretDigest : IdentitySecrets.DigestOf(secret),
        };
        if (!await sessions.StepUpAsync(session, former.SecretDigest, context.RequestAborted))
        {
            return null;
        }

        if (secret is not null)
        {
            var left = session.ExpiresAt - now;
            SignInCookie.Write(context, secret, left < options.Value.CookieSession ? left : options.Value.CookieSession);
        }

        return (session, secret);
    }
}
