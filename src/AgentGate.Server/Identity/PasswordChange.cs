using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Identity;

namespace AgentGate.Server.Identity;

/// <summary>Changes one's own password: the current one is needed, and every other session ends.</summary>
internal sealed class PasswordChange(
    IUserDirectory users, PasswordQueue queue, NewPasswords passwords, SignInLimits limits, ICaptcha captcha, ISignInSessionStore sessions,
    IdentityActs acts, FailedActs failed, GateMetrics metrics, TimeProvider time)
{
    private const string Action = "auth.password-changed";

    /// <summary>Changes it, or says why not.</summary>
    public async Task<IResult> ChangeAsync(HttpContext context, PasswordRequest request)
    {
        var (caller, cancel) = (context.GetCaller(), context.RequestAborted);
        if (await users.FindAsync(caller.Principal.Id, cancel) is not { PasswordHash: { } former } user)
        {
            return AccountProblem.Of(Codes.PasswordsClosed, "This account has no password: it is signed in by its provider.");
        }

        if (!BcryptPasswordHasher.IsOne(request.CurrentPassword) || request.CurrentPassword == request.NewPassword)
        {
            return AccountProblem.Of(Codes.PasswordRefused, "`new_password` is another than the current one.", "new_password");
        }

        // Counted with the sign-ins of the account: a stolen session gives no more tries than nobody has.
        var email = EmailAddress.Fold(user.Email);
        var admission = await limits.TryAccountAsync(
            email, async () => request.CaptchaToken is { Length: > 0 } token && await captcha.SolvedAsync(token, ActOrigins.Address(context), cancel), cancel);
        if (admission.Code is { } code)
        {
            await failed.AddAsync(context, user.Tenant, user.Id, Action, code, user.Email);
            return AccountProblem.Of(
                code, code == Codes.CaptchaNeeded ? "Solve a CAPTCHA first (GET /api/auth/captcha) and send its answer as captcha_token." : "Too many wrong passwords. Come again later.",
                retryAfter: admission.RetryAfter);
        }

        if (await queue.VerifyAsync(user, former, request.CurrentPassword, cancel) is not { } verified)
        {
            return AccountProblem.Of(Codes.PasswordQueueFull, "Too many people sign in at this moment. Come again in a few seconds.", retryAfter: TimeSpan.FromSeconds(5));
        }

        if (verified == PasswordVerificationResult.Failed)
        {
            if (await limits.FailedAsync(email, admission, cancel))
            {
                await acts.AppendAsync(context, user.Tenant, user.Id, "auth.locked", "too many failed sign-ins", Codes.AccountLocked);
            }

            await failed.AddAsync(context, user.Tenant, user.Id, Action, Codes.PasswordRefused, user.Email);
            return AccountProblem.Of(Codes.PasswordRefused, "The current password is wrong.", "current_password");
        }

        var (hash, problem) = await passwords.HashAsync(user, request.NewPassword, "new_password", cancel);
        if (hash is null)
        {
            return problem!;
        }

        return await acts.DoAsync(
            context, user.Tenant, user.Id, Action, null,
            async () =>
            {
                await limits.SucceededAsync(email, cancel);
                return await StoreAsync(user, hash, caller.SignIn!.SessionId);
            },
            static result => (result as ApiProblem)?.Code);
    }

    private async Task<IResult> StoreAsync(User user, string hash, string sessionId)
    {
        // From here on to the end, whether who asked waits for it or not: a new password with the old sessions would be half a change.
        for (var round = 0; round < 5; round++)
        {
            var now = time.GetUtcNow();
            if (await users.UpdateAsync(user with { PasswordHash = hash, PasswordChangedAt = now, MustChangePassword = false }, CancellationToken.None) == UserChange.Done)
            {
                var ended = await sessions.EndAllAsync(user.Tenant, user.Id, sessionId, SignInEndings.PasswordChanged, now, CancellationToken.None);
                metrics.SignIn(Action, "done");
                return TypedResults.Ok(new PasswordChanged("changed", ended));
            }

            if (await users.FindAsync(user.Id, CancellationToken.None) is not { } read || !SignInCompletion.IsStillGood(user, read))
            {
                break;
            }

            user = read;
        }

        return AccountProblem.Of(Codes.AccountChanged, "The account was changed by somebody else meanwhile. Try again.");
    }
}
