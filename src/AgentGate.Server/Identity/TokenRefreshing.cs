using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Pipeline;
using AgentGate.Server.Access;

namespace AgentGate.Server.Identity;

/// <summary>Exchanges refresh tokens. One that is shown a second time ends its session: somebody holds a copy (RFC 9700 §4.14.2).</summary>
internal sealed class TokenRefreshing(
    ISignInSessionStore sessions, IUserDirectory users, AccessTokens tokens, IdentityActs acts, FailedActs failed, IAttempts attempts, GateMetrics metrics, IIdSource ids, TimeProvider time)
{
    private const string Action = "auth.refresh";
    private const string Failures = "refresh-failed";
    private const int FailuresPerMinute = 30;

    /// <summary>The next tokens, or why not.</summary>
    public async Task<IResult> RefreshAsync(HttpContext context, RefreshRequest request)
    {
        var (cancel, now, network) = (context.RequestAborted, time.GetUtcNow(), SignInLimits.Network(ActOrigins.Address(context)));
        var (failures, until) = await attempts.CountAsync(Failures, network, now, cancel);
        if (failures >= FailuresPerMinute)
        {
            await failed.AddAsync(context, IdentityActs.SystemTenant, string.Empty, Action, Codes.SignInLimited);
            return AccountProblem.Of(Codes.SignInLimited, "Too many tries from this address. Come again later.", retryAfter: until - now);
        }

        var digest = IdentitySecrets.DigestOf(request.RefreshToken);
        var session = IdentitySecrets.IsOne(request.RefreshToken) ? await sessions.FindBySecretAsync(digest, cancel) : null;
        if (session is { Kind: SignInKinds.Token } && session.IsGood(now))
        {
            if (await users.FindAsync(session.UserId, cancel) is not { IsActive: true } user || user.Tenant != session.Tenant)
            {
                return await RefuseAsync(context, session, network, "disabled");
            }

            return await acts.DoAsync(
                context, session.Tenant, session.UserId, Action, null, () => RotateAsync(context, digest, network, now), static _ => null, about: session.Id);
        }

        return IdentitySecrets.IsOne(request.RefreshToken) ? await RotateAsync(context, digest, network, now) : await RefuseAsync(context, null, network, "unknown");
    }

    private async Task<IResult> RotateAsync(HttpContext context, string digest, string network, DateTimeOffset now)
    {
        var (next, cancel) = (IdentitySecrets.Create(ids), context.RequestAborted);
        var (result, rotated) = await sessions.RotateAsync(digest, IdentitySecrets.DigestOf(next), now, now + TimeSpan.FromDays(90), cancel);
        switch (result)
        {
            case RefreshResult.Rotated when await users.FindAsync(rotated!.UserId, cancel) is { IsActive: true } owner && owner.Tenant == rotated.Tenant:
                metrics.SignIn(Action, "done");
                return TypedResults.Ok(new RefreshResponse(tokens.Create(rotated, owner), next, "bearer", tokens.ExpiresIn));
            case RefreshResult.Reused:
                // What protects the user is done before it is on record: whoever holds a copy must not profit from a log that is down.
                return await RefuseAsync(context, rotated, network, "reuse");
            default:
                return await RefuseAsync(context, rotated, network, "unknown");
        }
    }

    private async Task<IResult> RefuseAsync(HttpContext context, SignInSession? session, string network, string why)
    {
        await attempts.AddAsync(Failures, network, TimeSpan.FromMinutes(1), time.GetUtcNow(), context.RequestAborted);
        if (why == "reuse" && session is not null)
        {
            metrics.SignIn(Action, Codes.RefreshRefused);
            await failed.TellAsync(context);
            await acts.AppendAsync(context, session.Tenant, session.UserId, "auth.refresh-reused", "session ended", Codes.RefreshRefused, about: session.Id);
        }
        else
        {
            await failed.AddAsync(context, session?.Tenant ?? IdentityActs.SystemTenant, session?.UserId ?? string.Empty, Action, Codes.RefreshRefused);
        }

        // The same words, whatever it was: who holds a stolen token learns nothing.
        return AccountProblem.Of(Codes.RefreshRefused, "The refresh token is not good (any more). Sign in again.");
    }
}
