using AgentGate.Kernel.Decisions;
using AgentGate.Server.Gateway;

namespace AgentGate.Server.Hosting;

/// <summary>Writes refusals of the host in the shape of the route they were asked of: a provider's for the doors, a problem document else.</summary>
internal static class Refusals
{
    public static Task WriteAsync(HttpContext context, Denial denial, int? status = null)
        => context.Request.Path.StartsWithSegments("/v1")
            ? AnswerWriter.DenyAsync(context, GatewayRoutes.ShapeOf(context), denial, callId: null, status)
            : Problems.WriteAsync(context, denial, status);
}
