using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Keys;
using AgentGate.Server.Access;
using AgentGate.Server.Gateway;
using AgentGate.Server.Identity;

namespace AgentGate.Server.Hosting;

/// <summary>
/// Finds out who a request is from: a key, an access token, or, where there is no such header, the cookie of a browser. Thread-safe. A store
/// that throws or hangs serves nobody: the request fails, closed.
/// </summary>
internal sealed class CallerResolver(ApiKeyService keys, IVisitorKeys visitors, AccessTokens tokens, SignIns signIns, TimeProvider time)
{
    /// <summary>Carries the token of <see cref="IdentitySecrets.CsrfTokenOf"/> beside a cookie.</summary>
    public const string CsrfHeader = "X-AgentGate-CSRF";

    private static readonly TimeSpan StoreDeadline = TimeSpan.FromSeconds(5);

    /// <summary>The caller; neither caller nor denial where nobody is known.</summary>
    public async ValueTask<(Caller? Caller, Denial? Denial)> ResolveAsync(HttpContext context)
    {
        var (text, denial) = DoorChecks.Credential(context.Request);
        if (denial is not null)
        {
            return (null, denial);
        }

        if (text is null)
        {
            return await ByCookieAsync(context);
        }

        if (text.StartsWith(IVisitorKeys.Prefix, StringComparison.Ordinal))
        {
            if (visitors.Authenticate(text) is not { } visitor)
            {
                return default;
            }

            if (!visitor.SkippedGuards.IsDefaultOrEmpty)
            {
                context.Features.Set(new SkippedGuardsFeature(visitor.SkippedGuards));
            }

            return (new Caller(visitor.Principal, CallerKind.Visitor), null);
        }

        if (AccessTokens.IsOne(text))
        {
            return await tokens.ReadAsync(text) is { } read
                && await signIns.FindAsync(read.SessionId, context.RequestAborted) is { } signedIn
                && signedIn.User.Id == read.UserId
                ? (signedIn.AsOf(read).ToCaller(CallerKind.Token), null)
                : default;
        }

        return await AuthenticateAsync(text, context.RequestAborted) is { } principal ? (new Caller(principal, CallerKind.Key), null) : default;
    }

    /// <summary>Whether a credential that named nobody is a key that was good once.</summary>
    public bool IsEnded(string text) => keys.IsEnded(text);

    private async ValueTask<(Caller? Caller, Denial? Denial)> ByCookieAsync(HttpContext context)
    {
        var secret = SignInCookie.Read(context.Request);
        if (secret is null || await signIns.FindByCookieAsync(secret, context.RequestAborted) is not { } signedIn)
        {
            return default;
        }

        // A browser sends the cookie whoever made it ask. What changes something has to come from a page that knows the token, what only
        // reads at least not from elsewhere.
        var reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method);
        var known = reads || (context.Request.Headers[CsrfHeader] is [{ } token] && IdentitySecrets.Same(token, IdentitySecrets.CsrfTokenOf(secret)));
        return known && PageDoor.IsOwnOrigin(context.Request)
            ? (signedIn.ToCaller(CallerKind.Cookie), null)
            : (null, new Denial(
                Codes.CsrfRefused,
                $"A request with the cookie of a browser has to come from a page of this server and, where it changes something, carry {CsrfHeader} as GET /api/auth/me gives it.",
                DenialKind.Forbidden));
    }

    /// <summary>Asks the key store within its deadline.</summary>
    private ValueTask<Principal?> AuthenticateAsync(string text, CancellationToken cancellationToken)
    {
        var asked = keys.AuthenticateAsync(text, cancellationToken);
        return asked.IsCompletedSuccessfully ? asked : new ValueTask<Principal?>(asked.AsTask().WaitAsync(StoreDeadline, time, cancellationToken));
    }
}
