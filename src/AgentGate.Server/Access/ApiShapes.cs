namespace AgentGate.Server.Access;

/// <summary>Endpoint metadata: what the endpoint reads from the body by itself. For the API's description only: nothing is refused by it.</summary>
internal sealed record BodyShape(Type Type);

/// <summary>Endpoint metadata: an example that says more than one made from the shape.</summary>
/// <param name="Request">JSON, or <see langword="null"/>.</param>
/// <param name="Response">JSON, or the text of another media type.</param>
internal sealed record ApiExample(string? Request, string? Response);

/// <summary>Describes endpoints that read their bodies themselves.</summary>
internal static class ApiShapesExtensions
{
    /// <summary>The body is JSON of a shape.</summary>
    public static RouteHandlerBuilder Reads<TBody>(this RouteHandlerBuilder builder) => builder.WithMetadata(new BodyShape(typeof(TBody)));

    /// <summary>An example of a request and its answer.</summary>
    public static TBuilder WithExample<TBuilder>(this TBuilder builder, string? request, string? response)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new ApiExample(request, response));
}
