using AgentGate.Diagnostics;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace AgentGate.Server.Identity.Federation;

/// <summary>
/// An OpenID provider: its settings, and what it says of itself (OpenID Connect Discovery 1.0), kept for hours and read again, at most every
/// few seconds, when a key turns up that is not known yet. Whoever needs it meanwhile waits for the same reading. While it cannot be reached, what
/// was read last counts for a day.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class OidcProvider(string name, OidcProviderOptions options, IHttpClientFactory clients, TimeProvider time, ILogger logger)
{
    /// <summary>The name of the HTTP client: short patience, small answers, no redirects.</summary>
    public const string Client = "oidc";

    private static readonly TimeSpan s_fresh = TimeSpan.FromHours(6);
    private static readonly TimeSpan s_usable = TimeSpan.FromHours(24);
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(5);

    /// <summary>How long one reading may take.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private volatile Known? _known;
    private Task? _reading;
    private DateTimeOffset _tried = DateTimeOffset.MinValue;

    /// <summary>Its name here: the one of its mode.</summary>
    public string Name => name;

    public OidcProviderOptions Options => options;

    /// <summary>What the provider says of itself.</summary>
    /// <exception cref="ProviderUnreachableException">It cannot be asked, and what was known is too old.</exception>
    public Task<OpenIdConnectConfiguration> ReadAsync(CancellationToken cancellationToken) => ReadAsync(anew: false, cancellationToken);

    /// <summary>Reads again, because a key is not known; at most every few seconds, so that made-up keys cost little.</summary>
    /// <exception cref="ProviderUnreachableException">It cannot be asked, and what was known is too old.</exception>
    public Task<OpenIdConnectConfiguration> ReadAnewAsync(CancellationToken cancellationToken) => ReadAsync(anew: true, cancellationToken);

    private async Task<OpenIdConnectConfiguration> ReadAsync(bool anew, CancellationToken cancellationToken)
    {
        var (known, now) = (_known, time.GetUtcNow());
        if (known is not null && !anew && now < known.At + s_fresh)
        {
            return known.Configuration;
        }

        Task? reading = null;
        lock (_lock)
        {
            if (_known != known)
            {
                // Somebody else read it meanwhile.
                known = _known;
            }
            else if (_reading is { IsCompleted: false } || now >= _tried + s_between)
            {
                // One reading, whoever waits for it: a provider that is slow holds up nobody for longer than once.
                if (_reading is null or { IsCompleted: true })
                {
                    _tried = now;
                    _reading = Task.Run(() => RefreshAsync(now), CancellationToken.None);
                }

                reading = _reading;
            }
        }

        if (reading is not null)
        {
            await reading.WaitAsync(cancellationToken);
            known = _known;
        }

        // Whether it was read now, a moment ago or could not be: keys of a day ago are nobody's any more.
        return known is not null && time.GetUtcNow() < known.At + s_usable
            ? known.Configuration
            : throw new ProviderUnreachableException("Its discovery document could not be read.");
    }

    /// <summary>Reads, or says in the log that it could not. Never throws.</summary>
    private async Task RefreshAsync(DateTimeOffset now)
    {
        try
        {
            using var patience = new CancellationTokenSource(s_patience, time);
            _known = new Known(await AskAsync(patience.Token), now);
        }
        catch (Exception failure)
        {
            Log.ProviderUnreachable(logger, name, failure);
        }
    }

    private async Task<OpenIdConnectConfiguration> AskAsync(CancellationToken cancellationToken)
    {
        using var http = clients.CreateClient(Client);
        var documents = new HttpDocumentRetriever(http) { RequireHttps = false };
        var read = await OpenIdConnectConfigurationRetriever.GetAsync($"{options.Issuer!.TrimEnd('/')}/.well-known/openid-configuration", new Guarded(documents), cancellationToken);
        if (read.Issuer != options.Issuer)
        {
            // OpenID Connect Discovery 1.0 §4.3: else one provider could speak for another.
            throw new InvalidOperationException("The discovery document is of another issuer.");
        }

        if (!OidcProviderOptions.IsAddress(read.AuthorizationEndpoint) || !OidcProviderOptions.IsAddress(read.TokenEndpoint))
        {
            throw new InvalidOperationException("The discovery document names an address that is not https.");
        }

        if (options.JwksUrl is { Length: > 0 } keys)
        {
            read.SigningKeys.Clear();
            foreach (var key in new JsonWebKeySet(await documents.GetDocumentAsync(keys, cancellationToken)).GetSigningKeys())
            {
                read.SigningKeys.Add(key);
            }
        }

        return read.SigningKeys.Count > 0 ? read : throw new InvalidOperationException("The provider has no key.");
    }

    private sealed record Known(OpenIdConnectConfiguration Configuration, DateTimeOffset At);

    /// <summary>Reads https addresses and those of this machine, whoever names them.</summary>
    private sealed class Guarded(IDocumentRetriever documents) : IDocumentRetriever
    {
        public Task<string> GetDocumentAsync(string address, CancellationToken cancel)
            => OidcProviderOptions.IsAddress(address) ? documents.GetDocumentAsync(address, cancel) : throw new InvalidOperationException("The discovery document names an address that is not https.");
    }

    private static partial class Log
    {
        [LoggerMessage(6402, LogLevel.Warning, Codes.FederationUnreachable + ": the identity provider {Provider} could not be read.")]
        public static partial void ProviderUnreachable(ILogger logger, string provider, Exception failure);
    }
}
