using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Server.Access;
using AgentGate.Server.Identity.Factors;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity.Passkeys;

/// <summary>One's own passkeys, and signing in by one.</summary>
internal static class PasskeyRoutes
{
    private const int CredentialBytesMax = 64 * 1024;
    public const string Unset = "Set AgentGate:SignIn:PublicUrl (or WEBAUTHN_RP_ID): passkeys are for a site with a name, and the server does not know its own. On this machine open http://localhost.";

    public static void MapPasskeys(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/auth/passkey").WithTags("Passkeys");
        group.MapPost("/register-start", RegisterStartAsync).RequireUser().RequireWholeSession().RequireStepUp()
            .WithSummary("Begin to register a passkey.")
            .WithDescription("Gives the options for navigator.credentials.create and the name of their challenge, which is good once and for five minutes. Any authenticator will do; it has to verify its user.")
            .Produces<PasskeyStartResponse>().ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        foreach (var path in (string[])["/register-finish", "/register"])
        {
            group.MapPost(path, RegisterFinishAsync).RequireUser().RequireWholeSession().RequireStepUp()
                .WithSummary("Register a passkey.")
                .WithDescription("Takes what navigator.credentials.create made. Body: {\"challenge_id\":\"…\",\"credential\":{…},\"name\":\"Laptop\"}.")
                .Reads<PasskeyRegistrationRequest>().Produces<PasskeyEntry>(StatusCodes.Status201Created)
                .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        }

        group.MapPost("/login-start", LoginStartAsync)
            .WithSummary("Begin to sign in by a passkey.")
            .WithDescription("Gives the options for navigator.credentials.get. The answer is the same whoever asks and whatever e-mail address is sent: it names no account and no credential.")
            .Reads<PasskeySignInStartRequest>().Produces<PasskeyStartResponse>().ProducesProblem(StatusCodes.Status429TooManyRequests);
        group.MapPost("/login-finish", LoginFinishAsync)
            .WithSummary("Sign in by a passkey.")
            .WithDescription("Takes what navigator.credentials.get signed; answers as POST /api/auth/login does, with assurance A3. Body: {\"challenge_id\":\"…\",\"credential\":{…},\"cookie\":false}.")
            .Reads<PasskeySignInRequest>().Produces<LoginResult>()
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status429TooManyRequests);
        group.MapGet("/list", ListAsync).RequireUser()
            .WithSummary("List one's passkeys.").WithDescription("In the order they were registered.").Produces<PasskeyListResponse>();
        group.MapPatch("/{id}", RenameAsync).RequireUser().RequireWholeSession()
            .WithSummary("Rename one's passkey.").WithDescription("Body: {\"name\":\"Key in the safe\"}; 1 to 64 characters.")
            .Reads<PasskeyNameRequest>().Produces<PasskeyEntry>().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("/{id}", RemoveAsync).RequireUser().RequireWholeSession().RequireStepUp()
            .WithSummary("Delete one's passkey.").WithDescription("It signs nobody in from now on.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> RegisterStartAsync(HttpContext context, FactorProofs proofs, PasskeySite site, PasskeyCeremonies ceremonies)
    {
        if (site.IdOf(context) is null)
        {
            return FactorProblem.Of(Codes.PasskeysUnset, Unset);
        }

        var (options, challenge) = await ceremonies.BeginRegistrationAsync(context, await proofs.UserAsync(context));
        return TypedResults.Ok(new PasskeyStartResponse(options, challenge));
    }

    private static async Task<IResult> RegisterFinishAsync(
        HttpContext context, FactorProofs proofs, PasskeySite site, PasskeyCeremonies ceremonies, IPasskeys passkeys, IdentityActs acts, FailedActs failed, IOptions<PasskeyOptions> options)
    {
        var reading = await StrictBody.ReadAsync<PasskeyRegistrationRequest>(context, CredentialBytesMax);
        if (reading.Body is not { } body)
        {
            return FactorProblem.Of(reading);
        }

        if (site.IdOf(context) is null)
        {
            return FactorProblem.Of(Codes.PasskeysUnset, Unset);
        }

        if (body.Name is not null && PasskeyCeremonies.NameOf(body.Name) is null)
        {
            return FactorProblem.Of(Codes.FactorRequestInvalid, "`name` has 1 to 64 characters.", "name");
        }

        var user = await proofs.UserAsync(context);
        if (await ceremonies.FinishRegistrationAsync(context, user, body.ChallengeId, body.Credential.GetRawText(), body.Name) is not { } passkey)
        {
            await failed.AddAsync(context, user.Tenant, user.Id, "auth.passkey-added", Codes.PasskeyRefused, user.Email);
            return FactorProblem.Of(
                Codes.PasskeyRefused, "The passkey is not taken: its challenge is used or too old, it was made for another site, its user was not verified, or somebody has it already. Begin again.");
        }

        var addition = await acts.DoAsync(
            context, user.Tenant, user.Id, "auth.passkey-added", null,
            () => passkeys.AddAsync(passkey, options.Value.PerUserMax, context.RequestAborted),
            static result => result switch { PasskeyAddition.Added => null, PasskeyAddition.TooMany => Codes.PasskeysFull, _ => Codes.PasskeyRefused });
        return addition switch
        {
            PasskeyAddition.Added => TypedResults.Created((string?)null, PasskeyEntry.Of(passkey)),
            PasskeyAddition.TooMany => FactorProblem.Of(Codes.PasskeysFull, $"You have {options.Value.PerUserMax} passkeys, and may have no more. Delete one first."),
            _ => FactorProblem.Of(Codes.PasskeyRefused, "Somebody has this passkey already."),
        };
    }

    private static async Task<IResult> LoginStartAsync(HttpContext context, PasskeySite site, PasskeyCeremonies ceremonies, FactorLimits limits)
    {
        // The body says nothing that counts, and need not be there.
        if (context.Request.ContentLength is > 0 && await StrictBody.ReadAsync<PasskeySignInStartRequest>(context) is { Body: null } fault)
        {
            return FactorProblem.Of(fault);
        }

        if (site.IdOf(context) is null)
        {
            return FactorProblem.Of(Codes.PasskeysUnset, Unset);
        }

        if (await limits.TryAddressAsync("passkey-challenge", ActOrigins.Address(context), context.RequestAborted) is { } wait)
        {
            return FactorProblem.Of(Codes.FactorLimited, "This address asks for too many challenges. Come again later.", retryAfter: wait);
        }

        var (options, challenge) = await ceremonies.BeginAssertionAsync(context, user: null);
        return TypedResults.Ok(new PasskeyStartResponse(options, challenge));
    }

    private static async Task<IResult> LoginFinishAsync(
        HttpContext context, PasskeySite site, PasskeyCeremonies ceremonies, FactorLimits limits, ISignInModes modes, SignInCompletion completion, FailedActs failed)
    {
        if (!modes.TakesPasswords)
        {
            // Where another provider alone signs people in, a passkey of this server is no way round it.
            return AccountProblem.Of(Codes.PasswordsClosed, "Nobody signs in here directly; GET /api/auth/providers says who signs people in.");
        }

        var reading = await StrictBody.ReadAsync<PasskeySignInRequest>(context, CredentialBytesMax);
        if (reading.Body is not { } body)
        {
            return FactorProblem.Of(reading);
        }

        if (body.Cookie && !PageDoor.IsOwnOrigin(context.Request))
        {
            // Another site must not sign a browser in to an account of its choice.
            return FactorProblem.Of(Codes.FactorRequestInvalid, "A browser signs in from a page of this server.");
        }

        if (site.IdOf(context) is null)
        {
            return FactorProblem.Of(Codes.PasskeysUnset, Unset);
        }

        if (await limits.TryAddressAsync("passkey-sign-in", ActOrigins.Address(context), context.RequestAborted) is { } wait)
        {
            await failed.TellAsync(context, isLimited: true);
            return FactorProblem.Of(Codes.FactorLimited, "Too many tries from this address. Come again later.", retryAfter: wait);
        }

        if (await ceremonies.FinishAssertionAsync(context, user: null, body.ChallengeId, body.Credential.GetRawText()) is not { } user)
        {
            await failed.AddAsync(context, IdentityActs.SystemTenant, string.Empty, "auth.sign-in", Codes.FactorRefused);
            return FactorProblem.Of(Codes.FactorRefused, "The passkey is not known here, or what it signed is not good. Begin again.");
        }

        if (!user.IsActive)
        {
            await failed.AddAsync(context, user.Tenant, user.Id, "auth.sign-in", Codes.AccountDisabled, user.Email);
            return AccountProblem.Of(Codes.AccountDisabled, "This account is disabled. Ask an admin.");
        }

        return SignInCompletion.Answer(await completion.CompleteAsync(context, user, Assurance.A3, ["hwk", "user", "mfa"], body.Cookie, "passkey"));
    }

    private static async Task<IResult> ListAsync(HttpContext context, IPasskeys passkeys)
    {
        var caller = context.GetPrincipal();
        return TypedResults.Ok(new PasskeyListResponse([.. (await passkeys.ListAsync(caller.Tenant, caller.Id, context.RequestAborted)).Select(PasskeyEntry.Of)]));
    }

    private static async Task<IResult> RenameAsync(HttpContext context, IPasskeys passkeys, IdentityActs acts, string id)
    {
        if (await OwnAsync(context, passkeys, id) is not { } passkey)
        {
            return NotFound();
        }

        var reading = await StrictBody.ReadAsync<PasskeyNameRequest>(context);
        if (reading.Body is not { } body)
        {
            return FactorProblem.Of(reading);
        }

        if (PasskeyCeremonies.NameOf(body.Name) is not { } name)
        {
            return FactorProblem.Of(Codes.FactorRequestInvalid, "`name` has 1 to 64 characters.", "name");
        }

        var renamed = await acts.DoAsync(
            context, passkey.Tenant, passkey.UserId, "auth.passkey-renamed", null,
            () => passkeys.RenameAsync(passkey.Tenant, passkey.UserId, id, name, context.RequestAborted),
            static done => done ? null : Codes.PasskeyNotFound);
        return renamed ? TypedResults.Ok(PasskeyEntry.Of(passkey with { Name = name })) : NotFound();
    }

    private static async Task<IResult> RemoveAsync(HttpContext context, IPasskeys passkeys, IdentityActs acts, string id)
    {
        if (await OwnAsync(context, passkeys, id) is not { } passkey)
        {
            return NotFound();
        }

        var removed = await acts.DoAsync(
            context, passkey.Tenant, passkey.UserId, "auth.passkey-removed", null,
            () => passkeys.RemoveAsync(passkey.Tenant, passkey.UserId, id, context.RequestAborted),
            static done => done ? null : Codes.PasskeyNotFound);
        return removed ? TypedResults.NoContent() : NotFound();
    }

    private static async Task<Passkey?> OwnAsync(HttpContext context, IPasskeys passkeys, string id)
        => await passkeys.FindAsync(id, context.RequestAborted) is { } found && found.UserId == context.GetPrincipal().Id && found.Tenant == context.GetPrincipal().Tenant ? found : null;

    private static IResult NotFound() => FactorProblem.Of(Codes.PasskeyNotFound, "You have no such passkey.");
}
