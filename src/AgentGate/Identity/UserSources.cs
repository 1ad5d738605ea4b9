namespace AgentGate.Identity;

/// <summary>Where users come from.</summary>
internal static class UserSources
{
    /// <summary>Made here.</summary>
    public const string Local = "local";

    /// <summary>Came with an identity of a provider.</summary>
    public const string Oidc = "oidc";

    /// <summary>Whoever holds the terminal of the development environment; is not a user in any other.</summary>
    public const string Development = "development";
}
