using System.Collections.Immutable;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Server.Access;
using AgentGate.Server.Identity.Passkeys;

namespace AgentGate.Server.Identity.Factors;

/// <summary>Proving oneself anew within a session (RFC 9470), for what is dangerous.</summary>
internal static class StepUpRoutes
{
    private const string Action = "auth.step-up";
    private const int BytesMax = 64 * 1024;

    public static void MapStepUp(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/auth/step-up").WithTags("Second factors");
        group.MapPost(string.Empty, StepUpAsync).RequireUser()
            .WithSummary("Prove oneself anew.")
            .WithDescription(
                "Takes a password (of a user without a second factor and without a passkey), a code of the second factor, or what a passkey signed. The session is worth afterwards what was proved: A1, A2 or A3, "
                + "for ten minutes where endpoints ask for it. A cookie is replaced. Bodies: {\"totp_code\":\"123456\"}, {\"password\":\"…\"}, {\"challenge_id\":\"…\",\"credential\":{…}}.")
            .Reads<StepUpRequest>().Produces<StepUpResponse>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status429TooManyRequests);
        group.MapPost("/passkey-start", PasskeyStartAsync).RequireUser()
            .WithSummary("Begin to prove oneself by a passkey.")
            .WithDescription("Gives the options for navigator.credentials.get, for one's own passkeys, and the name of their challenge.")
            .Produces<PasskeyStartResponse>().ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> PasskeyStartAsync(HttpContext context, FactorProofs proofs, PasskeySite site, PasskeyCeremonies ceremonies)
    {
        if (site.IdOf(context) is null)
        {
            return FactorProblem.Of(Codes.PasskeysUnset, PasskeyRoutes.Unset);
        }

        var (options, challenge) = await ceremonies.BeginAssertionAsync(context, await proofs.UserAsync(context));
        return TypedResults.Ok(new PasskeyStartResponse(options, challenge));
    }

    private static async Task<IResult> StepUpAsync(
        HttpContext context, FactorProofs proofs, PasskeySite site, PasskeyCeremonies ceremonies, IPasskeys passkeys, FactorLimits limits, StepUps stepUps, AccessTokens tokens, IdentityActs acts, FailedActs failed)
    {
        var reading = await StrictBody.ReadAsync<StepUpRequest>(context, BytesMax);
        if (reading.Body is not { } body)
        {
            return FactorProblem.Of(reading);
        }

        var user = await proofs.UserAsync(context);
        Assurance assurance;
        ImmutableArray<string> methods;
        if (body.Credential is { } credential)
        {
            if (site.IdOf(context) is null)
            {
                return FactorProblem.Of(Codes.PasskeysUnset, PasskeyRoutes.Unset);
            }

            if (await limits.TryCodeAsync(user.Id, context.RequestAborted) is { } wait)
            {
                return await proofs.LimitedAsync(context, user, Action, wait);
            }

            if (await ceremonies.FinishAssertionAsync(context, user, body.ChallengeId ?? string.Empty, credential.GetRawText()) is null)
            {
                await failed.AddAsync(context, user.Tenant, user.Id, Action, Codes.FactorRefused, user.Email);
                return FactorProblem.Of(Codes.FactorRefused, "The passkey is not yours, or what it signed is not good. Begin again.", "credential");
            }

            await limits.CodeWasRightAsync(user.Id, context.RequestAborted);
            (assurance, methods) = (Assurance.A3, ["hwk", "user", "mfa"]);
        }
        else if (body.TotpCode is not null || body.BackupCode is not null)
        {
            if (await proofs.CodeAsync(context, user, body.TotpCode, body.BackupCode, Action) is { } refusal)
            {
                return refusal;
            }

            (assurance, methods) = (Assurance.A2, [body.TotpCode is not null ? "otp" : "kba", "mfa"]);
        }
        else if (body.Password is { } password)
        {
            if (user.TotpEnabled)
            {
                return FactorProblem.Of(Codes.FactorRequestInvalid, "You have a second factor: send totp_code or backup_code, or use a passkey.", "totp_code");
            }

            // From the store: a passkey that another server registered a moment ago counts, too.
            if (await passkeys.HasAsync(user.Tenant, user.Id, context.RequestAborted))
            {
                return FactorProblem.Of(Codes.FactorRequestInvalid, "You have a passkey, so a password alone is no proof: POST /api/auth/step-up/passkey-start.", "credential");
            }

            if (await proofs.PasswordAsync(context, user, password, body.CaptchaToken, Action) is { } refusal)
            {
                return refusal;
            }

            (assurance, methods) = (Assurance.A1, ["pwd"]);
        }
        else
        {
            return FactorProblem.Of(Codes.FactorRequestInvalid, "Send password, totp_code, backup_code, or credential with challenge_id.", "body");
        }

        var stored = await acts.DoAsync(
            context, user.Tenant, user.Id, Action, assurance.ToString(),
            () => stepUps.RaiseAsync(context, context.GetCaller().SignIn!.SessionId, user.Id, assurance, methods),
            static result => result is null ? Codes.FactorConflict : null);
        if (stored is not { } raised)
        {
            return FactorProblem.Of(Codes.FactorConflict, "The session ended at this moment. Sign in again.");
        }

        return TypedResults.Ok(new StepUpResponse
        {
            SessionAssurance = raised.Session.Assurance.ToString(),
            AuthMethods = [.. raised.Session.Methods],
            AuthenticatedAt = raised.Session.AuthenticatedAt,
            AccessToken = raised.Secret is null ? tokens.Create(raised.Session, user) : null,
            ExpiresIn = raised.Secret is null ? tokens.ExpiresIn : null,
            CsrfToken = raised.Secret is { } secret ? IdentitySecrets.CsrfTokenOf(secret) : null,
        });
    }
}
