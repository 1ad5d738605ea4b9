using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using AgentGate.Server.Identity.Factors;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity.Device;

/// <summary>The side of the device (RFC 8628 §3.1, §3.4). What it gets is no fresh proof of anybody: nothing dangerous can be done with it before its user proves itself there.</summary>
internal static class DeviceRoutes
{
    private const string GrantType = "urn:ietf:params:oauth:grant-type:device_code";
    private const int IntervalSecondsMax = 300;
    private const int ClientMax = 64;

    public static void MapDevice(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/auth/device").WithTags("Devices");
        group.MapPost("/code", CodeAsync)
            .WithSummary("Begin to sign in a device.")
            .WithDescription("RFC 8628 §3.1: gives a code that the device keeps and one that its user types. A form or JSON: client_id (what the device calls itself), scope.")
            .Reads<DeviceCodeRequest>().Produces<DeviceCodeResponse>().Produces<DeviceError.Body>(StatusCodes.Status400BadRequest);
        group.MapPost("/token", TokenAsync)
            .WithSummary("Ask whether a device was approved.")
            .WithDescription("RFC 8628 §3.4: tokens once its user approved; until then authorization_pending, or slow_down for who asks too often. A form or JSON: grant_type, device_code.")
            .Reads<DeviceTokenRequest>().Produces<LoginResult>().Produces<DeviceError.Body>(StatusCodes.Status400BadRequest);
        group.MapPost("/authorize", DeviceApproval.AuthorizeAsync).RequireUser().RequireWholeSession().RequireStepUp()
            .WithSummary("Approve a device.")
            .WithDescription("The device signs in as who approves it, with no more than both may do. Body: {\"user_code\":\"WDJB-MJHT\"}.")
            .Reads<UserCodeRequest>().Produces<DeviceDecisionResponse>().ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("/deny", DeviceApproval.DenyAsync).RequireUser()
            .WithSummary("Turn a device away.")
            .WithDescription("The device is told access_denied. Body: {\"user_code\":\"WDJB-MJHT\"}.")
            .Reads<UserCodeRequest>().Produces<DeviceDecisionResponse>().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/status/{user_code}", (HttpContext context, DeviceCodes codes, FactorLimits limits, FailedActs failed, TimeProvider time, [FromRoute(Name = "user_code")] string userCode)
                => DeviceApproval.StatusAsync(context, codes, limits, failed, time, userCode)).RequireUser()
            .WithSummary("See what waits under a code.")
            .WithDescription("What the device calls itself, where it asked from and what it wants. Once decided, only who decided sees it; an unknown code is not valid.")
            .Produces<DeviceStatusResponse>();
    }

    private static async Task<IResult> CodeAsync(HttpContext context, DeviceCodes codes, FactorLimits limits, IOptions<DeviceOptions> options, IOptions<SignInOptions> signIn)
    {
        var (body, fault) = await OAuthBody.ReadAsync<DeviceCodeRequest>(context);
        if (body is null)
        {
            return new DeviceError("invalid_request", fault!);
        }

        if (body.ClientId is { } client && (client.Length is 0 or > ClientMax || client.Any(char.IsControl)))
        {
            return new DeviceError("invalid_request", $"client_id has 1 to {ClientMax} characters.");
        }

        var scopes = body.Scope?.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToArray() is { Length: > 0 } asked ? asked : null;
        if (scopes?.FirstOrDefault(scope => !Scopes.All.Contains(scope)) is not null)
        {
            return new DeviceError("invalid_scope", "One of the scopes is none.");
        }

        if (await limits.TryAddressAsync("device-begin", ActOrigins.Address(context), context.RequestAborted) is { } wait)
        {
            return FactorProblem.Of(Codes.FactorLimited, "This address asks for too many codes. Come again later.", retryAfter: wait);
        }

        var (device, user) = await codes.BeginAsync(context, body.ClientId ?? "device", scopes);
        var page = (signIn.Value.PublicUrl?.TrimEnd('/') ?? $"{context.Request.Scheme}://{context.Request.Host}") + "/device";
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new DeviceCodeResponse(
            device, user, page, $"{page}?user_code={user}", (int)options.Value.CodeLifetime.TotalSeconds, (int)options.Value.Interval.TotalSeconds));
    }

    private static async Task<IResult> TokenAsync(
        HttpContext context, DeviceCodes codes, FactorLimits limits, IUserDirectory users, ISignInSessionStore sessions, SignInCompletion completion, FailedActs failed, TimeProvider time)
    {
        var (body, fault) = await OAuthBody.ReadAsync<DeviceTokenRequest>(context);
        if (body is not { DeviceCode: { } code })
        {
            return new DeviceError("invalid_request", fault ?? "device_code is missing.");
        }

        if (body.GrantType is not (null or GrantType))
        {
            return new DeviceError("unsupported_grant_type", $"grant_type is {GrantType}.");
        }

        if (await codes.FindAsync(code, context.RequestAborted) is not { } request)
        {
            // Guessing 256 random bits is no danger; that somebody tries costs the store something.
            return await limits.TryAddressAsync("device-unknown", ActOrigins.Address(context), context.RequestAborted) is { } wait
                ? FactorProblem.Of(Codes.FactorLimited, "Too many unknown codes from this address. Come again later.", retryAfter: wait)
                : new DeviceError("invalid_grant", "The device code is unknown, or was used.");
        }

        if (time.GetUtcNow() >= request.GoodUntil)
        {
            return new DeviceError("expired_token", "The code is too old. Begin again.");
        }

        if (request.Decision == DeviceDecision.Denied)
        {
            return new DeviceError("access_denied", "The user turned the device away.");
        }

        if (request.Decision == DeviceDecision.Pending)
        {
            return await WaitAsync(context, codes, code, time);
        }

        if (await codes.TakeAsync(code, context.RequestAborted) is not { Decision: DeviceDecision.Approved } approved)
        {
            return new DeviceError("invalid_grant", "The device code was used.");
        }

        // What ended the session of the approver ends what was approved in it, too.
        if (await users.FindAsync(approved.ApproverId, context.RequestAborted) is not { IsActive: true } user || user.PasswordChangedAt > approved.DecidedAt
            || await sessions.FindAsync(approved.ApproverSessionId, context.RequestAborted) is not { } session || session.UserId != user.Id || !session.IsGood(time.GetUtcNow()))
        {
            await failed.AddAsync(context, IdentityActs.SystemTenant, string.Empty, "auth.sign-in", Codes.DeviceRefused);
            return new DeviceError("access_denied", "Who approved the device may not sign in any more.");
        }

        context.Response.Headers.CacheControl = "no-store";
        return SignInCompletion.Answer(await completion.CompleteAsync(
            context, user, Assurance.A1, ["device"], cookie: false, "device", scopes: [.. approved.Granted], provedAt: DateTimeOffset.UnixEpoch));
    }

    private static async Task<IResult> WaitAsync(HttpContext context, DeviceCodes codes, string code, TimeProvider time)
    {
        var hurried = false;
        await codes.ChangeAsync(
            code,
            request =>
            {
                var now = time.GetUtcNow();
                hurried = now < request.AskedAt + TimeSpan.FromSeconds(request.IntervalSeconds);

                // RFC 8628 §3.5: five seconds longer, from now on.
                return request.Decision == DeviceDecision.Pending
                    ? request with { AskedAt = now, IntervalSeconds = hurried ? Math.Min(request.IntervalSeconds + 5, IntervalSecondsMax) : request.IntervalSeconds }
                    : null;
            },
            context.RequestAborted);
        return hurried
            ? new DeviceError("slow_down", "You ask too often: wait five seconds longer between two questions.")
            : new DeviceError("authorization_pending", "The user has not decided yet.");
    }
}
