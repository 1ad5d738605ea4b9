using AgentGate.Diagnostics;
using AgentGate.Server.Access;
using AgentGate.Server.Identity.Factors;

namespace AgentGate.Server.Identity.Device;

/// <summary>The side of the person who decides about a device. Codes are short, so trying them is limited (RFC 8628 §5.1).</summary>
internal static class DeviceApproval
{
    public static async Task<IResult> AuthorizeAsync(HttpContext context, DeviceCodes codes, FactorLimits limits, IdentityActs acts, FailedActs failed, TimeProvider time)
    {
        var (code, refusal) = await ReadAsync(context, limits, failed);
        if (code is null)
        {
            return refusal!;
        }

        var caller = context.GetPrincipal();
        if (await codes.FindByUserCodeAsync(code, context.RequestAborted) is not { Decision: DeviceDecision.Pending } request)
        {
            await failed.TellAsync(context);
            return Unknown();
        }

        if (request.Scopes?.FirstOrDefault(scope => !caller.Scopes.Contains(scope)) is { } beyond)
        {
            return FactorProblem.Of(Codes.DeviceBeyondOwn, $"The device asks for \"{beyond}\", which you may not do yourself. Turn it away, or let somebody else approve it.");
        }

        var granted = request.Scopes ?? [.. caller.Scopes.Order(StringComparer.Ordinal)];
        var (session, now) = (context.GetCaller().SignIn!.SessionId, time.GetUtcNow());
        var approved = await acts.DoAsync(
            context, caller.Tenant, caller.Id, "auth.device-approved", null,
            () => codes.DecideAsync(
                code,
                waiting => waiting with { Decision = DeviceDecision.Approved, ApproverId = caller.Id, ApproverSessionId = session, DecidedAt = now, Granted = granted },
                context.RequestAborted),
            static done => done ? null : Codes.DeviceUnknown);
        if (!approved)
        {
            return Unknown();
        }

        await limits.UserCodeWasRightAsync(caller.Id, context.RequestAborted);
        return TypedResults.Ok(new DeviceDecisionResponse("approved"));
    }

    public static async Task<IResult> DenyAsync(HttpContext context, DeviceCodes codes, FactorLimits limits, IdentityActs acts, FailedActs failed)
    {
        var (code, refusal) = await ReadAsync(context, limits, failed);
        if (code is null)
        {
            return refusal!;
        }

        var caller = context.GetPrincipal();
        if (await codes.FindByUserCodeAsync(code, context.RequestAborted) is not { Decision: DeviceDecision.Pending })
        {
            await failed.TellAsync(context);
            return Unknown();
        }

        var denied = await acts.DoAsync(
            context, caller.Tenant, caller.Id, "auth.device-denied", null,
            () => codes.DecideAsync(code, waiting => waiting with { Decision = DeviceDecision.Denied, ApproverId = caller.Id }, context.RequestAborted),
            static done => done ? null : Codes.DeviceUnknown);
        return denied
            ? TypedResults.Ok(new DeviceDecisionResponse("denied"))
            : Unknown();
    }

    public static async Task<IResult> StatusAsync(HttpContext context, DeviceCodes codes, FactorLimits limits, FailedActs failed, TimeProvider time, string userCode)
    {
        var caller = context.GetPrincipal();
        if (await limits.TryUserCodeAsync(caller.Id, context.RequestAborted) is { } wait)
        {
            await failed.TellAsync(context, isLimited: true);
            return FactorProblem.Of(Codes.FactorLimited, "Too many unknown codes. Come again later.", retryAfter: wait);
        }

        if (await codes.FindByUserCodeAsync(userCode, context.RequestAborted) is not { } request || (request.Decision != DeviceDecision.Pending && request.ApproverId != caller.Id))
        {
            await failed.TellAsync(context);
            return TypedResults.Ok(new DeviceStatusResponse { Valid = false });
        }

        return TypedResults.Ok(new DeviceStatusResponse
        {
            Valid = true,
            Status = request.Decision switch { DeviceDecision.Approved => "approved", DeviceDecision.Denied => "denied", _ => "pending" },
            ClientId = request.Client,
            Address = request.Address,
            Scopes = request.Scopes,
            ExpiresIn = Math.Max(0, (int)(request.GoodUntil - time.GetUtcNow()).TotalSeconds),
        });
    }

    private static async Task<(string? Code, IResult? Refusal)> ReadAsync(HttpContext context, FactorLimits limits, FailedActs failed)
    {
        var reading = await StrictBody.ReadAsync<UserCodeRequest>(context);
        if (reading.Body is not { } body)
        {
            return (null, FactorProblem.Of(reading));
        }

        if (await limits.TryUserCodeAsync(context.GetPrincipal().Id, context.RequestAborted) is not { } wait)
        {
            return (body.UserCode, null);
        }

        await failed.TellAsync(context, isLimited: true);
        return (null, FactorProblem.Of(Codes.FactorLimited, "Too many codes. Come again later.", retryAfter: wait));
    }

    private static IResult Unknown() => FactorProblem.Of(Codes.DeviceUnknown, "No device waits under this code: it is mistyped, too old, or decided about.", "user_code");
}
