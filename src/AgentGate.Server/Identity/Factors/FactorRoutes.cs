using AgentGate.Server.Access;

namespace AgentGate.Server.Identity.Factors;

/// <summary>One's own second factor.</summary>
internal static class FactorRoutes
{
    public static void MapFactors(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/auth").WithTags("Second factors");
        group.MapGet("/mfa/status", StatusAsync).RequireUser()
            .WithSummary("Show one's second factor.")
            .WithDescription("Whether a second factor is enabled or begun, and how many backup codes are left.")
            .Produces<MfaStatusResponse>();

        // Who holds a session that was left open must not lock its owner out with a factor of his own.
        foreach (var path in (string[])["/enable-2fa", "/mfa/enable"])
        {
            group.MapPost(path, EnableAsync).RequireUser().RequireWholeSession().RequireStepUp()
                .WithSummary("Begin to enable a second factor.")
                .WithDescription("Gives a secret, its QR code (a PNG as a data URI) and ten backup codes, all shown once. Nothing is enabled before POST /api/auth/verify-2fa; beginning again replaces what was begun.")
                .Produces<MfaBegunResponse>().ProducesProblem(StatusCodes.Status409Conflict);
        }

        group.MapPost("/verify-2fa", VerifyAsync).RequireUser().RequireWholeSession()
            .WithSummary("Enable the second factor that was begun.")
            .WithDescription("Takes a code of the authenticator. Body: {\"code\":\"123456\"}. From then on signing in takes a code.")
            .Reads<CodeRequest>().Produces<MfaChangedResponse>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status429TooManyRequests);
        group.MapPost("/disable-2fa", DisableAsync).RequireUser().RequireWholeSession().RequireStepUp()
            .WithSummary("Disable one's second factor.")
            .WithDescription("Takes the password, and a proof by the second factor itself not long ago. Body: {\"password\":\"…\"}. The backup codes go with it.")
            .Reads<PasswordRequest>().Produces<MfaChangedResponse>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized);
        group.MapPost("/regenerate-backup-codes", RegenerateAsync).RequireUser().RequireWholeSession().RequireStepUp()
            .WithSummary("Replace one's backup codes.")
            .WithDescription("Takes the password, and a proof by the second factor itself not long ago. Body: {\"password\":\"…\"}. Gives ten new codes, shown once; those before are good no more.")
            .Reads<PasswordRequest>().Produces<BackupCodesResponse>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized);
    }

    private static async Task<IResult> StatusAsync(HttpContext context, FactorProofs proofs) => TypedResults.Ok(TotpEnrolment.StatusOf(await proofs.UserAsync(context)));

    private static async Task<IResult> EnableAsync(HttpContext context, FactorProofs proofs, TotpEnrolment enrolment)
        => await enrolment.BeginAsync(context, await proofs.UserAsync(context));

    private static async Task<IResult> VerifyAsync(HttpContext context, FactorProofs proofs, TotpEnrolment enrolment)
    {
        var reading = await StrictBody.ReadAsync<CodeRequest>(context);
        return reading.Body is { } body ? await enrolment.FinishAsync(context, await proofs.UserAsync(context), body.Code) : FactorProblem.Of(reading);
    }

    private static Task<IResult> DisableAsync(HttpContext context, FactorProofs proofs, TotpEnrolment enrolment)
        => WithPasswordAsync(context, proofs, "auth.factor-disabled", enrolment.DisableAsync);

    private static Task<IResult> RegenerateAsync(HttpContext context, FactorProofs proofs, TotpEnrolment enrolment)
        => WithPasswordAsync(context, proofs, "auth.backup-codes-replaced", enrolment.ReplaceCodesAsync);

    private static async Task<IResult> WithPasswordAsync(HttpContext context, FactorProofs proofs, string action, Func<HttpContext, AgentGate.Identity.User, Task<IResult>> act)
    {
        var reading = await StrictBody.ReadAsync<PasswordRequest>(context);
        if (reading.Body is not { } body)
        {
            return FactorProblem.Of(reading);
        }

        var user = await proofs.UserAsync(context);

        // Who signs in through a provider has none; the endpoint demanded a proof by the factor itself before.
        var refusal = user.PasswordHash is null ? null : await proofs.PasswordAsync(context, user, body.Password, body.CaptchaToken, action);
        return refusal ?? await act(context, user);
    }
}
