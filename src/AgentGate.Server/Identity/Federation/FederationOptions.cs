namespace AgentGate.Server.Identity.Federation;

/// <summary>Who signs people in. Section <c>AgentGate:Federation</c>; the published names are <c>IDENTITY_PROVIDER_MODE</c>, <c>OIDC_*</c> and <c>DESCOPE_*</c>.</summary>
internal sealed class FederationOptions
{
    public const string Section = "AgentGate:Federation";

    public const string Local = "local";
    public const string CustomOidcMode = "custom_oidc";
    public const string DescopeMode = "descope";
    public const string Hybrid = "hybrid_migration";

    /// <summary><c>local</c> (default), <c>custom_oidc</c>, <c>descope</c>, or <c>hybrid_migration</c>: local and whichever providers are set.</summary>
    public string Mode { get; set; } = Local;

    /// <summary>Whether passwords are taken although another provider signs people in. Default false; <c>local</c> and <c>hybrid_migration</c> take them always.</summary>
    public bool AllowLocalPasswords { get; set; }

    /// <summary>A provider of one's own.</summary>
    public OidcProviderOptions CustomOidc { get; set; } = new();

    /// <summary>Descope.</summary>
    public OidcProviderOptions Descope { get; set; } = new();

    /// <summary>The providers the mode uses, by name.</summary>
    public IEnumerable<(string Name, OidcProviderOptions Options)> Active()
    {
        if (Mode is DescopeMode || (Mode is Hybrid && Descope.IsSet))
        {
            yield return (DescopeMode, Descope);
        }

        if (Mode is CustomOidcMode || (Mode is Hybrid && CustomOidc.IsSet))
        {
            yield return (CustomOidcMode, CustomOidc);
        }
    }

    /// <summary>What is wrong with the settings.</summary>
    public static IEnumerable<string> Faults(FederationOptions options)
    {
        if (options.Mode is not (Local or CustomOidcMode or DescopeMode or Hybrid))
        {
            yield return $"{Section}:Mode (IDENTITY_PROVIDER_MODE) is \"{options.Mode}\"; the modes are {Local}, {CustomOidcMode}, {DescopeMode}, {Hybrid}.";
        }

        if (options.Mode is Hybrid && !options.Active().Any())
        {
            yield return $"{Section}: the mode {Hybrid} needs a provider to migrate to: set {Section}:CustomOidc (OIDC_ISSUER, OIDC_CLIENT_ID) or {Section}:Descope.";
        }

        foreach (var fault in options.Active().SelectMany(provider => OidcProviderOptions.Faults($"{Section}:{(provider.Name == DescopeMode ? nameof(Descope) : nameof(CustomOidc))}", provider.Options)))
        {
            yield return fault;
        }
    }
}
