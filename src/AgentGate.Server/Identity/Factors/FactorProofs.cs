using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Identity;

namespace AgentGate.Server.Identity.Factors;

/// <summary>Checks what a signed-in user proves itself by: its password or a code. A failed proof is on record and counted.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class FactorProofs(IUserDirectory users, PasswordQueue passwords, SecondFactors factors, FactorLimits limits, SignInLimits accounts, ICaptcha captcha, IdentityActs acts, FailedActs failed)
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(5);

    /// <summary>The user who asks, as it is now.</summary>
    public async Task<User> UserAsync(HttpContext context)
        => await users.FindAsync(context.GetCaller().Principal.Id, context.RequestAborted)
            ?? throw new InvalidOperationException("The user of a good session is gone.");

    /// <summary>Checks the password of a signed-in user.</summary>
    /// <returns>The refusal, or <see langword="null"/> where it is right.</returns>
    public async Task<IResult?> PasswordAsync(HttpContext context, User user, string password, string? captchaToken, string action)
    {
        var cancel = context.RequestAborted;
        if (user.PasswordHash is not { } hash)
        {
            return FactorProblem.Of(Codes.FactorRequestInvalid, "You have no password: prove yourself with a code or a passkey at POST /api/auth/step-up, and use the route for it.", "password");
        }

        if (!BcryptPasswordHasher.IsOne(password))
        {
            return FactorProblem.Of(Codes.FactorRequestInvalid, $"`password` has 1 to {BcryptPasswordHasher.LengthMax} characters.", "password");
        }

        if (await limits.TryPasswordAsync(user.Id, cancel) is { } wait)
        {
            return await LimitedAsync(context, user, action, wait);
        }

        // Counted with the sign-ins of the account: a stolen session gives no more tries than nobody has.
        var email = EmailAddress.Fold(user.Email);
        var admission = await accounts.TryAccountAsync(
            email, async () => captchaToken is { Length: > 0 } token && await captcha.SolvedAsync(token, ActOrigins.Address(context), cancel), cancel);
        if (admission.Code is { } code)
        {
            await failed.AddAsync(context, user.Tenant, user.Id, action, code);
            return AccountProblem.Of(
                code, code == Codes.CaptchaNeeded ? "Solve a CAPTCHA first (GET /api/auth/captcha) and send its answer as captcha_token." : "Too many wrong passwords. Come again later.",
                retryAfter: admission.RetryAfter);
        }

        switch (await passwords.VerifyAsync(user, hash, password, cancel))
        {
            case null:
                return FactorProblem.Of(Codes.FactorLimited, "Too many passwords are looked at in this moment. Come again in a few seconds.", retryAfter: s_soon);
            case PasswordVerificationResult.Failed:
                if (await accounts.FailedAsync(email, admission, cancel))
                {
                    await acts.AppendAsync(context, user.Tenant, user.Id, "auth.locked", "too many failed sign-ins", Codes.AccountLocked);
                }

                await failed.AddAsync(context, user.Tenant, user.Id, action, Codes.FactorRefused, user.Email);
                return FactorProblem.Of(Codes.FactorRefused, "The password is wrong.", "password");
            default:
                await limits.PasswordWasRightAsync(user.Id, cancel);
                await accounts.SucceededAsync(email, cancel);
                return null;
        }
    }

    /// <summary>Checks a code of a user who has a second factor, and uses it up.</summary>
    /// <returns>The refusal, or <see langword="null"/> where it is right.</returns>
    public async Task<IResult?> CodeAsync(HttpContext context, User user, string? totp, string? backupCode, string action)
    {
        var (result, wait) = await factors.TryAsync(user, totp, backupCode, context.RequestAborted);
        if (result is SecondFactorResult.Totp or SecondFactorResult.BackupCode)
        {
            return null;
        }

        if (result == SecondFactorResult.NotEnrolled)
        {
            return FactorProblem.Of(Codes.FactorAbsent, "You have no second factor: POST /api/auth/enable-2fa begins one.");
        }

        if (wait is { } later)
        {
            return await LimitedAsync(context, user, action, later);
        }

        await failed.AddAsync(context, user.Tenant, user.Id, action, Codes.FactorRefused, user.Email);
        return FactorProblem.Of(Codes.FactorRefused, "The code is wrong, was used before, or is too old.", totp is null ? "backup_code" : "totp_code");
    }

    /// <summary>A proof that is not looked at.</summary>
    public async Task<IResult> LimitedAsync(HttpContext context, User user, string action, TimeSpan wait)
    {
        await failed.AddAsync(context, user.Tenant, user.Id, action, Codes.FactorLimited, user.Email);
        return FactorProblem.Of(Codes.FactorLimited, "Too many wrong proofs. Come again later.", retryAfter: wait);
    }
}
