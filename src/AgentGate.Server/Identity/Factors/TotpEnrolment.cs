using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Pipeline;

namespace AgentGate.Server.Identity.Factors;

/// <summary>
/// Enables, replaces and disables a user's second factor. Beginning again replaces what was begun and never finished. Each change is on record
/// before it is stored, and ends nothing of another's making: it is stored over what was read, or not at all.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class TotpEnrolment(
    IUserDirectory users, BackupCodes backupCodes, FactorProofs proofs, FactorLimits limits, StepUps stepUps, AccessTokens tokens, IdentityActs acts, FailedActs failed, IIdSource ids, TimeProvider time)
{
    private const string Conflict = "The account was changed elsewhere at this moment. Try again.";

    /// <summary>What the user has.</summary>
    public static MfaStatusResponse StatusOf(User user) => new(
        user.TotpEnabled,
        user.TotpEnabled ? "totp" : null,
        Pending: !user.TotpEnabled && !user.TotpSecret.IsDefaultOrEmpty,
        user is { TotpEnabled: true, TotpLastStep: > 0 } ? DateTimeOffset.FromUnixTimeSeconds(user.TotpLastStep * 30) : null,
        user.TotpEnabled ? user.BackupCodes.Count(code => code is not null) : 0);

    /// <summary>Makes a secret and codes, and keeps them until the first code shows that they arrived.</summary>
    public async Task<IResult> BeginAsync(HttpContext context, User user)
    {
        if (user.TotpEnabled)
        {
            return FactorProblem.Of(Codes.FactorStands, "You have a second factor: POST /api/auth/disable-2fa first.");
        }

        var secret = new byte[TotpCodes.SecretBytes];
        ids.Fill(secret);
        var (codes, digests) = backupCodes.Create(user.Id);
        return await StoreAsync(context, user with { TotpSecret = [.. secret], TotpLastStep = 0, BackupCodes = digests }, "auth.factor-begun", "totp")
            ? TypedResults.Ok(new MfaBegunResponse(
                TotpCodes.Text(secret),
                TotpCodes.QrCode(secret, user.Email),
                codes,
                "Scan the code with an authenticator, keep the backup codes, and send a code to POST /api/auth/verify-2fa."))
            : FactorProblem.Of(Codes.FactorConflict, Conflict);
    }

    /// <summary>Enables what was begun, with its first code.</summary>
    public async Task<IResult> FinishAsync(HttpContext context, User user, string code)
    {
        if (user.TotpEnabled || user.TotpSecret.IsDefaultOrEmpty)
        {
            return user.TotpEnabled
                ? FactorProblem.Of(Codes.FactorStands, "Your second factor is enabled already.")
                : FactorProblem.Of(Codes.FactorAbsent, "Nothing was begun: POST /api/auth/enable-2fa first.");
        }

        if (await limits.TryCodeAsync(user.Id, context.RequestAborted) is { } wait)
        {
            return await proofs.LimitedAsync(context, user, "auth.factor-enabled", wait);
        }

        if (TotpCodes.StepOf(user.TotpSecret.AsSpan(), code, time.GetUtcNow()) is not { } step)
        {
            await failed.AddAsync(context, user.Tenant, user.Id, "auth.factor-enabled", Codes.FactorRequestInvalid);
            return FactorProblem.Of(Codes.FactorRequestInvalid, "The code is not of this secret, or the clock of the authenticator is wrong.", "code");
        }

        if (!await StoreAsync(context, user with { TotpEnabled = true, TotpLastStep = step }, "auth.factor-enabled", "totp"))
        {
            return FactorProblem.Of(Codes.FactorConflict, Conflict);
        }

        await limits.CodeWasRightAsync(user.Id, context.RequestAborted);

        // The session showed a password before and a code now.
        var raised = await stepUps.RaiseAsync(context, Access.CallerHttpContextExtensions.GetCaller(context).SignIn!.SessionId, user.Id, Assurance.A2, ["otp", "mfa"]);
        return TypedResults.Ok(new MfaChangedResponse(true, "The second factor is enabled.")
        {
            CsrfToken = raised?.Secret is { } secret ? IdentitySecrets.CsrfTokenOf(secret) : null,
            AccessToken = raised is { Secret: null, Session: var session } ? tokens.Create(session, user) : null,
        });
    }

    /// <summary>Takes the second factor away.</summary>
    public async Task<IResult> DisableAsync(HttpContext context, User user)
    {
        if (!user.TotpEnabled && user.TotpSecret.IsDefaultOrEmpty)
        {
            return FactorProblem.Of(Codes.FactorAbsent, "You have no second factor.");
        }

        return await StoreAsync(context, user with { TotpEnabled = false, TotpSecret = [], TotpLastStep = 0, BackupCodes = [] }, "auth.factor-disabled", "totp")
            ? TypedResults.Ok(new MfaChangedResponse(false, "The second factor is disabled."))
            : FactorProblem.Of(Codes.FactorConflict, Conflict);
    }

    /// <summary>Replaces all backup codes.</summary>
    public async Task<IResult> ReplaceCodesAsync(HttpContext context, User user)
    {
        if (!user.TotpEnabled)
        {
            return FactorProblem.Of(Codes.FactorAbsent, "You have no second factor: POST /api/auth/enable-2fa begins one.");
        }

        var (codes, digests) = backupCodes.Create(user.Id);
        return await StoreAsync(context, user with { BackupCodes = digests }, "auth.backup-codes-replaced", null)
            ? TypedResults.Ok(new BackupCodesResponse(codes, "Keep the codes; those before are good no more."))
            : FactorProblem.Of(Codes.FactorConflict, Conflict);
    }

    private async Task<bool> StoreAsync(HttpContext context, User changed, string action, string? detail)
        => await acts.DoAsync(
            context, changed.Tenant, changed.Id, action, detail,
            () => users.UpdateAsync(changed, context.RequestAborted),
            change => change == UserChange.Done ? null : Codes.FactorConflict) == UserChange.Done;
}
