namespace AgentGate.Server.Access;

/// <summary>
/// Endpoint metadata: part of the pages, reached with a sign-in and with no key. Read by the authentication middleware.
/// </summary>
/// <param name="IsDocument">Whether the answer is a page or its circuit, which needs the policy of scripts and styles.</param>
internal sealed record PageRequirement(bool IsDocument);

/// <summary>Declares that an endpoint belongs to the pages.</summary>
internal static class PageRequirementExtensions
{
    public static TBuilder RequireSignIn<TBuilder>(this TBuilder builder, bool isDocument = false)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new PageRequirement(isDocument));
}
