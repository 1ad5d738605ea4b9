using AgentGate.Audit;
using AgentGate.Dashboard;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using AgentGate.Server.Gateway;
using AgentGate.Server.Identity;
using AgentGate.Threats.Behaviour;

namespace AgentGate.Server.Hosting;

/// <summary>
/// Authorization of every route by default: an endpoint names where it is mapped what its caller needs, or stands in the table of
/// anonymous routes, or is refused.
/// </summary>
internal sealed class RequestAuthentication(
    RequestDelegate next,
    CallerResolver callers,
    PageDoor pages,
    UnauthenticatedCounter unauthenticated,
    OncePerSecond refused,
    SecurityEventQueue events,
    GateMetrics metrics,
    TimeProvider time,
    IHostEnvironment environment,
    ILogger<RequestAuthentication> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<PublicFile>() is not null)
        {
            // Files carry their own validators; kept, they need not be sent again.
            context.Response.Headers.Remove("Cache-Control");
            await next(context);
            return;
        }

        if (IsAnonymous(endpoint))
        {
            if (endpoint!.Metadata.GetMetadata<OpenPageAttribute>() is null || await pages.OpenAsync(context))
            {
                await next(context);
            }

            return;
        }

        if (endpoint?.Metadata.GetMetadata<PageRequirement>() is not null)
        {
            if (!environment.IsDevelopment() && endpoint.Metadata.GetMetadata<DevelopmentPageAttribute>() is not null)
            {
                await RefuseUnknownAsync(context, endpoint);
            }
            else if (await pages.AdmitAsync(context))
            {
                await next(context);
            }

            return;
        }

        if (endpoint is null || (endpoint.Metadata.GetMetadata<ScopeRequirement>() is null && endpoint.Metadata.GetMetadata<CallerRequirement>() is null))
        {
            await RefuseUnknownAsync(context, endpoint);
            return;
        }

        var (caller, denial) = await callers.ResolveAsync(context);
        denial ??= caller is null
            ? new Denial(
                Codes.KeyInvalid,
                "No valid AgentGate credential: send Authorization: Bearer with a key (ag_…) or an access token, or x-api-key: ag_…. ./run demo prints a key, POST /api/auth/login gives tokens.",
                DenialKind.Unauthenticated)
            : AccessRules.Refusal(endpoint, caller, time.GetUtcNow());
        if (denial is null)
        {
            context.SetCaller(caller!);

            // Every line that is logged on behalf of a tenant says which.
            using var scope = logger.BeginScope(new TenantScope(caller!.Principal.Tenant));
            await next(context);
            return;
        }

        metrics.Refusal("keys", denial.Code);
        if (denial.Code == Codes.KeyInvalid)
        {
            unauthenticated.Count(ActOrigins.Address(context));
            TellOfKey(context);
        }

        if (denial.Code == Codes.StepUpNeeded)
        {
            // RFC 9470 §3.
            var level = endpoint.Metadata.GetMetadata<StepUpRequirement>()!;
            context.Response.Headers.WWWAuthenticate =
                $"Bearer realm=\"agentgate\", error=\"insufficient_user_authentication\", acr_values=\"A{level.Level}\", max_age=\"{(int)level.MaxAge.TotalSeconds}\"";
        }

        await WriteAsync(context, denial);
    }

    /// <summary>
    /// A key nobody has is a guess, and counts as sign-ins that fail do: away from the request, of each origin one in a second. A key, an
    /// access token or a demo key that has ended is none.
    /// </summary>
    private void TellOfKey(HttpContext context)
    {
        if (DoorChecks.Credential(context.Request).Text is { } text && !AccessTokens.IsOne(text) && !text.StartsWith(IVisitorKeys.Prefix, StringComparison.Ordinal)
            && !callers.IsEnded(text) && ActOrigins.Of(context) is var origin && refused.IsFirst(NetworkOrigin.Of(origin.Address)))
        {
            events.Tell(new SecurityEvent.SignInFailed { Address = origin.Address, UserAgent = origin.UserAgent, Account = string.Empty });
        }
    }

    private bool IsAnonymous(Endpoint? endpoint)
        => endpoint is RouteEndpoint { RoutePattern.RawText: { } pattern }
            && endpoint.Metadata.GetMetadata<ScopeRequirement>() is null && endpoint.Metadata.GetMetadata<CallerRequirement>() is null
            && AnonymousRoutes.All.Any(route => route.Pattern == pattern && (!route.DevelopmentOnly || environment.IsDevelopment()));

    /// <summary>What log scopes carry: one pair, as structured log writers read it.</summary>
    private sealed class TenantScope(string tenant) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => 1;

        public KeyValuePair<string, object?> this[int index]
            => index == 0 ? new(GateMetrics.TenantTag, tenant) : throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            yield return this[0];
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => $"{GateMetrics.TenantTag}:{tenant}";
    }

    /// <summary>Routing's own answers to a known path, 405 and 415, have no route; their document is written outside.</summary>
    private static Task RefuseUnknownAsync(HttpContext context, Endpoint? endpoint)
        => context.Request.Path.StartsWithSegments("/v1")
            ? GatewayRoutes.RefuseAsync(context)
            : endpoint is not (null or RouteEndpoint) && endpoint.RequestDelegate is { } answer && context.Request.Path.StartsWithSegments("/api")
                ? answer(context)
                : WriteAsync(context, new Denial(Codes.UnknownRoute, "There is no such route.", DenialKind.NotFound));

    private static Task WriteAsync(HttpContext context, Denial denial)
        => context.Request.Path.StartsWithSegments("/v1")
            ? AnswerWriter.DenyAsync(context, GatewayRoutes.ShapeOf(context), denial, callId: null)
            : Problems.WriteAsync(context, denial);
}
