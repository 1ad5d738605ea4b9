using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity.Federation;

/// <summary>Fills what the configuration leaves open from the published names of the environment.</summary>
internal sealed class PublishedFederationNames(IConfiguration configuration) : IPostConfigureOptions<FederationOptions>
{
    public void PostConfigure(string? name, FederationOptions options)
    {
        if (Value("IDENTITY_PROVIDER_MODE") is { } mode && configuration[FederationOptions.Section + ":Mode"] is null)
        {
            options.Mode = mode;
        }

        if (Value("ALLOW_LOCAL_PASSWORD_AUTH") is { } allow && configuration[FederationOptions.Section + ":AllowLocalPasswords"] is null)
        {
            options.AllowLocalPasswords = allow is "1" || string.Equals(allow, "true", StringComparison.OrdinalIgnoreCase);
        }

        Fill("OIDC", options.CustomOidc);
        Fill("DESCOPE", options.Descope);
    }

    private void Fill(string prefix, OidcProviderOptions provider)
    {
        provider.Issuer ??= Value(prefix + "_ISSUER");
        provider.Audience ??= Value(prefix + "_AUDIENCE");
        provider.JwksUrl ??= Value(prefix + "_JWKS_URL");
        provider.ClientId ??= Value(prefix + "_CLIENT_ID");
        provider.ClientSecret ??= Value(prefix + "_CLIENT_SECRET");
    }

    private string? Value(string published) => configuration[published] is { Length: > 0 } text ? text : null;
}
