using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Identity;

namespace AgentGate.Server.Identity;

/// <summary>
/// Signs in with a password. What an unknown e-mail address costs and is told is what a known one costs and is told: one look-up, one hash,
/// the same limits, the same words.
/// </summary>
internal sealed class PasswordSignIn(
    IUserDirectory users, BcryptPasswordHasher hasher, PasswordQueue queue, SignInLimits limits, ICaptcha captcha, ISecondFactors factors,
    ISignInModes modes, SignInCompletion completion, FailedActs failed, IdentityActs acts, TimeProvider time)
{
    private const string Action = "auth.sign-in";

    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(5);

    private readonly User _nobody = new() { Id = string.Empty, Tenant = IdentityActs.SystemTenant, Email = string.Empty, Name = string.Empty, Role = string.Empty, CreatedAt = time.GetUtcNow() };

    /// <summary>Signs in, or says why not.</summary>
    public async Task<IResult> SignInAsync(HttpContext context, LoginRequest request)
    {
        if (!modes.TakesPasswords)
        {
            return AccountProblem.Of(Codes.PasswordsClosed, "No passwords are taken here; GET /api/auth/providers says who signs people in.");
        }

        if (request.Cookie && !PageDoor.IsOwnOrigin(context.Request))
        {
            // Another site must not sign a browser in to an account of its choice.
            return AccountProblem.Of(Codes.CsrfRefused, "A browser signs in from a page of this server.");
        }

        if (!EmailAddress.IsOne(request.Email))
        {
            return AccountProblem.Of(Codes.AccountRequestInvalid, "`email` is an e-mail address.", "email");
        }

        if (!BcryptPasswordHasher.IsOne(request.Password))
        {
            return AccountProblem.Of(Codes.AccountRequestInvalid, $"`password` has 1 to {BcryptPasswordHasher.LengthMax} characters.", "password");
        }

        var (cancel, address, email) = (context.RequestAborted, ActOrigins.Address(context), EmailAddress.Fold(request.Email));

        if (await limits.LockedAsync(email, cancel) is { } locked)
        {
            return await RefuseAsync(context, _nobody, email, Codes.AccountLocked, Words(Codes.AccountLocked), locked);
        }

        if (await limits.TryAddressAsync(address, cancel) is { } later)
        {
            return await RefuseAsync(context, _nobody, email, Codes.SignInLimited, "Too many tries from this address. Come again later.", later);
        }

        var admission = await limits.TryAccountAsync(
            email, async () => request.CaptchaToken is { Length: > 0 } token && await captcha.SolvedAsync(token, address, cancel), cancel);
        if (admission.Code is { } code)
        {
            return await RefuseAsync(context, _nobody, email, code, Words(code), admission.RetryAfter);
        }

        var found = await users.FindByEmailAsync(email, cancel);
        if (await queue.VerifyAsync(found ?? _nobody, found?.PasswordHash ?? hasher.NobodysHash, request.Password, cancel) is not { } verified)
        {
            return await RefuseAsync(context, _nobody, email, Codes.PasswordQueueFull, "Too many people sign in at this moment. Come again in a few seconds.", s_soon);
        }

        if (found?.PasswordHash is null || verified == PasswordVerificationResult.Failed)
        {
            return await FailAsync(context, found ?? _nobody, email, admission, Codes.SignInRefused, "The e-mail address or the password is wrong.");
        }

        if (!found.IsActive)
        {
            // Told to who has the password, and to nobody else.
            return await RefuseAsync(context, found, email, Codes.AccountDisabled, "This account is disabled. Ask an admin.", null);
        }

        return await FinishAsync(context, found, email, admission, request, verified == PasswordVerificationResult.SuccessRehashNeeded);
    }

    private async Task<IResult> FinishAsync(HttpContext context, User user, string email, SignInLimits.Admission admission, LoginRequest request, bool rehash)
    {
        var factor = await factors.VerifyAsync(user, request.TotpCode, request.BackupCode, context.RequestAborted);
        switch (factor)
        {
            case SecondFactorResult.CodeNeeded:
                // The try stays counted: who has the password alone must not get any number of codes from it.
                await acts.AppendAsync(context, user.Tenant, user.Id, Action, "second factor asked for");
                return TypedResults.Ok(new SecondFactorNeeded(true, "The code of the second factor is needed: send totp_code or backup_code with the password."));
            case SecondFactorResult.Refused:
                return await FailAsync(context, user, email, admission, Codes.SecondFactorRefused, "The code is wrong, was used before, or is too old.");
        }

        if (factor is SecondFactorResult.Totp or SecondFactorResult.BackupCode)
        {
            // The code was noted on the user; the password that was right must still be the user's.
            var now = await users.FindAsync(user.Id, context.RequestAborted);
            if (!SignInCompletion.IsStillGood(user, now))
            {
                return SignInCompletion.Answer(await completion.ChangedAsync(context, user));
            }

            user = now!;
        }

        var better = rehash ? await queue.HashAsync(user, request.Password, context.RequestAborted) : null;
        return SignInCompletion.Answer(factor switch
        {
            SecondFactorResult.NotEnrolled => await completion.CompleteAsync(context, user, Assurance.A1, ["pwd"], request.Cookie, "password", passwordHash: better),
            SecondFactorResult.Totp => await completion.CompleteAsync(context, user, Assurance.A2, ["pwd", "otp", "mfa"], request.Cookie, "password and code", passwordHash: better),
            _ => await completion.CompleteAsync(context, user, Assurance.A2, ["pwd", "kba", "mfa"], request.Cookie, "password and backup code", passwordHash: better),
        });
    }

    /// <summary>A try that failed: counts towards the lock.</summary>
    private async Task<IResult> FailAsync(HttpContext context, User user, string email, SignInLimits.Admission admission, string code, string detail)
    {
        if (await limits.FailedAsync(email, admission, context.RequestAborted))
        {
            await acts.AppendAsync(context, user.Tenant, user.Id, "auth.locked", "too many failed sign-ins", Codes.AccountLocked);
        }

        return await RefuseAsync(context, user, email, code, detail, null);
    }

    private async Task<IResult> RefuseAsync(HttpContext context, User user, string email, string code, string detail, TimeSpan? retryAfter)
    {
        await failed.AddAsync(context, user.Tenant, user.Id, Action, code, email);
        return AccountProblem.Of(code, detail, retryAfter: retryAfter);
    }

    private static string Words(string code) => code == Codes.CaptchaNeeded
        ? "Solve a CAPTCHA first (GET /api/auth/captcha) and send its answer as captcha_token."
        : "Too many failed sign-ins for this account. Come again later, or sign in with a passkey.";
}
