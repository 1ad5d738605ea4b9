using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity;

/// <summary>Signing in, staying signed in, and signing out over HTTP.</summary>
internal static class AuthRoutes
{
    public static IEndpointRouteBuilder MapAuth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/.well-known/jwks.json", (AccessTokens tokens) => TypedResults.Ok(tokens.Jwks()))
            .WithTags("Sign-in").WithSummary("Read the keys of access tokens.").WithDescription("The public keys that verify access tokens of this server, as a JWKS (RFC 7517).")
            .WithExample(null, """{"keys":[{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":"…","x":"…","y":"…"}]}""");
        var group = routes.MapGroup("/api/auth").WithTags("Sign-in");
        group.MapPost("/login", LoginAsync).Reads<LoginRequest>().Produces<LoginResult>().Refuses(400, 401, 403, 413, 415, 429)
            .WithSummary("Sign in with a password.")
            .WithDescription(
                "Gives an access token (15 minutes) and a refresh token, or with \"cookie\": true sets the cookie of a browser and gives the CSRF token. "
                + "Where the user has a second factor and no code came along, the answer is {\"mfa_required\": true} and holds no token. "
                + "After three failed tries within an hour a CAPTCHA is asked for (GET /api/auth/captcha), after ten the account is locked for a while.");
        group.MapPost("/refresh", RefreshAsync).Reads<RefreshRequest>().Produces<RefreshResponse>().Refuses(400, 401, 413, 415, 429)
            .WithSummary("Exchange a refresh token for the next tokens.")
            .WithDescription("Each refresh token is good once. One that is shown again ends its session with all its tokens.");
        group.MapPost("/revoke", RevokeAsync).RequireUser().AllowBeforePasswordChange().Reads<RevokeRequest>().Produces<StatusView>().Refuses(400, 401, 403)
            .WithSummary("Sign out.").WithDescription("Ends the session of the refresh token, if it is one's own; without one, the session that asks.");
        group.MapGet("/me", MeAsync).RequireUser().AllowBeforePasswordChange().Produces<MeView>().Refuses(401, 403)
            .WithSummary("Read who one is.").WithDescription("The user and the session that asks. For the cookie of a browser also the CSRF token.");
        group.MapGet("/providers", Providers).Produces<ProvidersView>()
            .WithSummary("Read who signs people in here.").WithDescription("The identity mode, its providers, and whether passwords and registration are open.");
        group.MapPost("/register", RegisterAsync).Reads<RegisterRequest>().Produces<UserView>(StatusCodes.Status201Created).Produces<RegistrationAccepted>(StatusCodes.Status202Accepted)
            .Refuses(400, 403, 409, 413, 415, 429)
            .WithSummary("Register.")
            .WithDescription(
                "With an invitation, in its role; without one, where the operator allows it, as a viewer and after a CAPTCHA. Never as an admin. "
                + "Without an invitation the answer is 202 whether or not the address is somebody's; with one it is 201 or 409, and either uses the invitation up.");
        group.MapPost("/password", PasswordAsync).RequireUser().RequireWholeSession().AllowBeforePasswordChange().Reads<PasswordRequest>().Produces<PasswordChanged>().Refuses(400, 401, 403, 409, 413, 415, 429)
            .WithSummary("Change one's password.").WithDescription("The current one is needed. Every other session ends, at once here and within a second on every other server.");
        group.MapGet("/captcha", CaptchaAsync).Produces<CaptchaChallenge>()
            .WithSummary("Get a CAPTCHA.")
            .WithDescription("proof-of-work: find a nonce of at most 32 characters so that SHA-256 of \"challenge:nonce\" begins with `difficulty` zero bits, and send \"challenge:nonce\" as captcha_token. hcaptcha: show the widget of `site_key` and send its response.");
        routes.MapInvitations();
        routes.MapSessions();
        routes.MapContext();
        return routes;
    }

    private static async Task<IResult> LoginAsync(HttpContext context, PasswordSignIn signIn)
    {
        var reading = await StrictBody.ReadAsync<LoginRequest>(context);
        return reading.Body is { } body ? await signIn.SignInAsync(context, body) : AccountProblem.Of(reading);
    }

    private static async Task<IResult> RegisterAsync(HttpContext context, Registration registration)
    {
        var reading = await StrictBody.ReadAsync<RegisterRequest>(context);
        return reading.Body is { } body ? await registration.RegisterAsync(context, body) : AccountProblem.Of(reading);
    }

    private static async Task<IResult> PasswordAsync(HttpContext context, PasswordChange change)
    {
        var reading = await StrictBody.ReadAsync<PasswordRequest>(context);
        return reading.Body is { } body ? await change.ChangeAsync(context, body) : AccountProblem.Of(reading);
    }

    private static async Task<IResult> RefreshAsync(HttpContext context, TokenRefreshing refreshing)
    {
        var reading = await StrictBody.ReadAsync<RefreshRequest>(context);
        return reading.Body is { } body ? await refreshing.RefreshAsync(context, body) : AccountProblem.Of(reading);
    }

    private static async Task<IResult> RevokeAsync(HttpContext context, SignIns signIns, ISignInSessionStore sessions, IdentityActs acts)
    {
        var body = new RevokeRequest();
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            var reading = await StrictBody.ReadAsync<RevokeRequest>(context);
            if (reading.Body is null)
            {
                return AccountProblem.Of(reading);
            }

            body = reading.Body;
        }

        var caller = context.GetCaller();
        var session = body.RefreshToken is { } token
            ? IdentitySecrets.IsOne(token) ? await sessions.FindBySecretAsync(IdentitySecrets.DigestOf(token), context.RequestAborted) : null
            : (await signIns.FindAsync(caller.SignIn!.SessionId, context.RequestAborted))?.Session;

        // A token of nobody, or of somebody else: nothing to do, and nothing to learn from it (RFC 7009 §2.2).
        if (session is not null && session.UserId == caller.Principal.Id)
        {
            await acts.AppendAsync(context, session.Tenant, session.UserId, "auth.sign-out", about: session.Id);
            await signIns.EndAsync(session, SignInEndings.SignedOut, context.RequestAborted);
            if (caller.Kind == CallerKind.Cookie && session.Id == caller.SignIn!.SessionId)
            {
                SignInCookie.Delete(context);
            }
        }

        return TypedResults.Ok(new StatusView("revoked"));
    }

    private static async Task<IResult> MeAsync(HttpContext context, SignIns signIns)
    {
        var caller = context.GetCaller();
        if (await signIns.FindAsync(caller.SignIn!.SessionId, context.RequestAborted) is not { } signedIn)
        {
            return AccountProblem.Of(Codes.SignInRefused, "The session has ended. Sign in again.");
        }

        return TypedResults.Ok(new MeView
        {
            User = UserView.Of(signedIn.User),
            SessionId = signedIn.Session.Id,
            SessionAssurance = signedIn.Session.Assurance.ToString(),
            AuthMethods = signedIn.Session.Methods,
            AuthenticatedAt = signedIn.Session.AuthenticatedAt,
            MustChangePassword = signedIn.User.MustChangePassword,
            TenantId = signedIn.User.Tenant,
            Roles = caller.Principal.Roles,
            Scopes = [.. caller.Principal.Scopes.Order(StringComparer.Ordinal)],
            CsrfToken = caller.Kind == CallerKind.Cookie && SignInCookie.Read(context.Request) is { } secret ? IdentitySecrets.CsrfTokenOf(secret) : null,
        });
    }

    private static Ok<ProvidersView> Providers(ISignInModes modes, IOptions<SignInOptions> options)
        => TypedResults.Ok(new ProvidersView(modes.Mode, modes.Providers, modes.TakesPasswords, options.Value.AllowRegistration && modes.TakesPasswords));

    private static async Task<IResult> CaptchaAsync(HttpContext context, ICaptcha captcha)
        => TypedResults.Ok(await captcha.CreateAsync(context.RequestAborted));
}
