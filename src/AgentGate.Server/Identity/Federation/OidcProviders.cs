using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity.Federation;

/// <summary>The identity providers of the mode.</summary>
internal sealed class OidcProviders
{
    private readonly OidcProvider[] _all;

    public OidcProviders(IOptions<FederationOptions> options, IHttpClientFactory clients, TimeProvider time, ILogger<OidcProviders> logger)
        => _all = [.. options.Value.Active().Select(one => new OidcProvider(one.Name, one.Options, clients, time, logger))];

    /// <summary>The providers, in the order they are tried.</summary>
    public IReadOnlyList<OidcProvider> All => _all;

    /// <summary>The provider of a name, or <see langword="null"/>.</summary>
    public OidcProvider? Find(string name) => _all.FirstOrDefault(one => one.Name == name);
}
