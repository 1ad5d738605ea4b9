using AgentGate.Server.Hosting;

namespace AgentGate.Server.Access;

/// <summary>
/// Endpoint metadata: what the endpoint tells is about the whole server, so that only keys of the operator's own tenant
/// (<see cref="Tenants.Default"/>) may ask, whatever scopes others carry. Read by the authentication middleware.
/// </summary>
internal sealed record OperatorRequirement;

/// <summary>Declares that an endpoint is the operator's.</summary>
internal static class OperatorRequirementExtensions
{
    public static TBuilder RequireOperator<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new OperatorRequirement());
}
