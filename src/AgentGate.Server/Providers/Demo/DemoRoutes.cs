using System.Text;
using AgentGate.Server.Access;

namespace AgentGate.Server.Providers.Demo;

/// <summary>What the demo provider received, for people who want to see for themselves. Development only.</summary>
internal static class DemoRoutes
{
    public static void MapDemo(this IEndpointRouteBuilder routes)
        => routes.MapGet("/api/demo/received", (DemoRecord record) => TypedResults.Ok(record.Received.Where(received => !received.IsUnmasked).Select(received => new
        {
            at = received.At,
            method = received.Method,
            path = received.Path,
            body = Encoding.UTF8.GetString(received.Body.Span),
        }))).RequireScope("demo:read").RequireOperator().ExcludeFromDescription();
}
