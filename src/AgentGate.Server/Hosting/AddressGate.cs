using System.Globalization;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Threats.Behaviour;

namespace AgentGate.Server.Hosting;

/// <summary>Refuses blocked addresses before anybody is asked who they are. Asks no store. Health stays reachable.</summary>
internal sealed class AddressGate(RequestDelegate next, Blocklist blocklist, GateMetrics metrics, TimeProvider time)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (blocklist.Until(context.Connection.RemoteIpAddress) is not { } until || HealthPaths.Are(context.Request.Path))
        {
            return next(context);
        }

        metrics.Refusal("blocklist", Codes.AddressBlocked);
        var seconds = Math.Max(1, Math.Ceiling((until - time.GetUtcNow()).TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);

        // The body is not read, so the connection ends here.
        context.Response.Headers.Connection = "close";
        return Refusals.WriteAsync(
            context,
            new Denial(Codes.AddressBlocked, "Requests from this address are refused for a while, because sign-ins from it failed again and again or an operator blocked it.", DenialKind.Forbidden));
    }
}
