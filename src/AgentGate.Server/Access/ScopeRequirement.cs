namespace AgentGate.Server.Access;

/// <summary>Endpoint metadata: the scope a key must carry. Read by the authentication middleware.</summary>
internal sealed record ScopeRequirement(string Scope);

/// <summary>Declares the scope of an endpoint.</summary>
internal static class ScopeRequirementExtensions
{
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, string scope)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new ScopeRequirement(scope));
}
