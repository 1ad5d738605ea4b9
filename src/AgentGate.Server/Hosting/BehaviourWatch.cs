using AgentGate.Pipeline;
using AgentGate.Server.Access;
using AgentGate.Threats.Behaviour;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Hosting;

/// <summary>Counts requests and bytes of callers, in memory: what is unusual is told later and away from the request. Probes of health are not counted.</summary>
internal sealed class BehaviourWatch(RequestDelegate next, RequestRates rates, SecurityEventQueue queue, IOptions<BehaviourOptions> options)
{
    public Task InvokeAsync(HttpContext context)
        => options.Value.Enabled && context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern } && !HealthPaths.Are(context.Request.Path)
            ? WatchAsync(context, pattern)
            : next(context);

    private async Task WatchAsync(HttpContext context, string endpoint)
    {
        var caller = context.Features.Get<PrincipalFeature>()?.Principal is { } principal ? $"{principal.Tenant}/{principal.Id}" : string.Empty;
        var address = ActOrigins.Address(context);
        if (rates.IsFirstBeyond(caller.Length > 0 ? caller : NetworkOrigin.Of(address), endpoint))
        {
            queue.Tell(new SecurityEvent.RequestsPiledUp { Address = address, UserAgent = ActOrigins.Of(context).UserAgent, CallerId = caller, Endpoint = endpoint });
        }

        var most = options.Value.PayloadBytes;
        if (most == 0)
        {
            await next(context);
            return;
        }

        var inner = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var counted = new CountedAnswer(inner);
        context.Features.Set<IHttpResponseBodyFeature>(counted);
        try
        {
            await next(context);
        }
        finally
        {
            context.Features.Set(inner);
            if (Math.Max(counted.Bytes, context.Request.ContentLength ?? 0) is var bytes && bytes > most)
            {
                queue.Tell(new SecurityEvent.PayloadLarge
                {
                    Address = address, UserAgent = ActOrigins.Of(context).UserAgent, CallerId = caller, Endpoint = endpoint, Bytes = bytes,
                });
            }
        }
    }
}
