using AgentGate.Kernel.Decisions;

namespace AgentGate.Server.Keys;

/// <summary>Ties scopes to endpoints and principals to requests.</summary>
internal static class PrincipalExtensions
{
    /// <summary>Declares the scope of an endpoint where it is mapped.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, string scope)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new ScopeRequirement(scope));

    /// <summary>The authenticated principal.</summary>
    /// <exception cref="InvalidOperationException">The endpoint was reached without one: a bug in the order of middleware.</exception>
    public static Principal GetPrincipal(this HttpContext context)
        => context.Features.Get<Principal>() ?? throw new InvalidOperationException("The request has no principal.");
}
