namespace AgentGate.Server.Access;

/// <summary>
/// Endpoint metadata: part of the pages, reached with a sign-in and with no key. Read by the authentication middleware. A page that is open
/// to everybody stands in the table of anonymous routes beside it.
/// </summary>
internal sealed record PageRequirement;

/// <summary>Endpoint metadata: a file of the pages. It is the same in each installation and says nothing about any, so that everybody may read it.</summary>
internal sealed record PublicFile;

/// <summary>Declares that an endpoint belongs to the pages.</summary>
internal static class PageRequirementExtensions
{
    public static TBuilder RequireSignIn<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new PageRequirement());

    public static TBuilder AllowEverybodyToRead<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new PublicFile());
}
