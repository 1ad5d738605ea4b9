using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Providers;
using AgentGate.Server.Gateway.Formats;
using AgentGate.Server.Access;

namespace AgentGate.Server.Gateway;

/// <summary>The routes of the LLM door. What is not here is refused.</summary>
internal static class GatewayRoutes
{
    /// <summary>The scope that opens the doors.</summary>
    private const string DoorsScope = "doors";

    /// <summary>The formats, one route each.</summary>
    public static IReadOnlyList<ModelFormat> Formats { get; } =
        [new ChatFormat(), new ResponsesFormat(), new EmbeddingsFormat(), new MessagesFormat(), new CountTokensFormat()];

    private static string Doors { get; } =
        string.Join(", ", Formats.Select(format => "POST " + format.Wire.Route())) + ", GET /v1/models, GET /v1/models/{id}";

    public static void MapGateway(this IEndpointRouteBuilder routes)
    {
        foreach (var format in Formats)
        {
            routes.MapPost(format.Wire.Route(), (HttpContext context, ModelEndpoint endpoint) => endpoint.HandleAsync(context, format))
                .RequireScope(DoorsScope)
                .WithMetadata(format.Errors)
                .Described(format.Wire.Route());
        }

        routes.MapGet("/v1/models", (HttpContext context, ModelsEndpoint endpoint) => endpoint.ListAsync(context))
            .RequireScope(DoorsScope)
            .Described("/v1/models");
        routes.MapGet("/v1/models/{**id}", (HttpContext context, ModelsEndpoint endpoint, string id) => endpoint.GetAsync(context, id))
            .RequireScope(DoorsScope)
            .Described("/v1/models/{**id}");
    }

    /// <summary>The error shape of a request to the model routes, known or not.</summary>
    public static ErrorShape ShapeOf(HttpContext context)
    {
        foreach (var shape in context.GetEndpoint()?.Metadata.OfType<ErrorShape>() ?? [])
        {
            return shape;
        }

        return context.Request.Path.StartsWithSegments("/v1/messages", StringComparison.OrdinalIgnoreCase)
            || context.Request.Headers.ContainsKey("anthropic-version")
            ? ErrorShape.Anthropic
            : ErrorShape.OpenAI;
    }

    /// <summary>Refuses what no route takes: unknown paths, methods and upgrades.</summary>
    public static Task RefuseAsync(HttpContext context)
    {
        var known = Formats.Select(format => format.Wire.Route()).Append("/v1/models")
            .Contains(context.Request.Path.Value, StringComparer.Ordinal);
        var denial = context.Request.Headers.ContainsKey("Upgrade")
            ? new Denial(Codes.UpgradeRefused, "No door takes an upgrade; send an ordinary request.", DenialKind.Invalid)
            : known
                ? new Denial(Codes.UnknownMethod, $"This route does not take this method. The doors are {Doors}.", DenialKind.Invalid)
                : new Denial(Codes.UnknownRoute, $"There is no such route. The doors are {Doors}.", DenialKind.NotFound);
        var status = denial.Code == Codes.UnknownMethod ? StatusCodes.Status405MethodNotAllowed : default(int?);
        return AnswerWriter.DenyAsync(context, ShapeOf(context), denial, callId: null, status);
    }
}
