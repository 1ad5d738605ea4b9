using AgentGate.Pipeline;
using AgentGate.Server.Access;
using AgentGate.Threats.Behaviour;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Hosting;

/// <summary>
/// Counts requests and bytes of callers, in memory: what is unusual is told later and away from the request. Stands outside of what refuses, so
/// that refused requests count too. Probes of health are not counted.
/// </summary>
internal sealed class BehaviourWatch(RequestDelegate next, RequestRates rates, SecurityEventQueue queue, IOptions<BehaviourOptions> options)
{
    public Task InvokeAsync(HttpContext context)
        => options.Value.Enabled && context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern } && !HealthPaths.Are(context.Request.Path)
            ? WatchAsync(context, pattern)
            : next(context);

    private async Task WatchAsync(HttpContext context, string endpoint)
    {
        var most = options.Value.PayloadBytes;
        if (most == 0)
        {
            try
            {
                await next(context);
            }
            finally
            {
                Count(context, endpoint);
            }

            return;
        }

        var inner = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var answer = new CountedAnswer(inner);
        context.Features.Set<IHttpResponseBodyFeature>(answer);

        // What says its length is believed: the web server holds it to that.
        var body = context.Request.Body;
        var request = context.Request.ContentLength is null && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is not false ? new CountedBody(body) : null;
        context.Request.Body = request ?? body;
        try
        {
            await next(context);
        }
        finally
        {
            context.Features.Set(inner);
            context.Request.Body = body;
            Count(context, endpoint);
            if (Math.Max(answer.Bytes, request?.Bytes ?? context.Request.ContentLength ?? 0) is var bytes && bytes > most)
            {
                var origin = ActOrigins.Of(context);
                queue.Tell(new SecurityEvent.PayloadLarge
                {
                    Address = origin.Address, UserAgent = origin.UserAgent, CallerId = CallerOf(context), Endpoint = endpoint, Bytes = bytes,
                });
            }
        }
    }

    /// <summary>Counts a request when it is over: who asked is known by then.</summary>
    private void Count(HttpContext context, string endpoint)
    {
        var (caller, address) = (CallerOf(context), ActOrigins.Address(context));
        if (rates.IsFirstBeyond(caller.Length > 0 ? caller : NetworkOrigin.Of(address), endpoint))
        {
            queue.Tell(new SecurityEvent.RequestsPiledUp { Address = address, UserAgent = ActOrigins.Of(context).UserAgent, CallerId = caller, Endpoint = endpoint });
        }
    }

    private static string CallerOf(HttpContext context)
        => context.Features.Get<PrincipalFeature>()?.Principal is { } principal ? $"{principal.Tenant}/{principal.Id}" : string.Empty;
}
