using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity.Federation;

/// <summary>Installs signing in through other providers.</summary>
internal static class FederationRegistration
{
    private const int AnswerBytesMax = 1024 * 1024;

    public static IServiceCollection AddFederation(this IServiceCollection services)
    {
        services.AddHttpClient(OidcProvider.Client, client =>
        {
            client.Timeout = TimeSpan.FromSeconds(10);
            client.MaxResponseContentBufferSize = AnswerBytesMax;
        }).ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) });
        services.AddSingleton<OidcProviders>();
        services.AddSingleton<OidcTokens>();
        services.AddSingleton<OidcCodeExchange>();
        services.AddSingleton<FederatedUsers>();
        services.AddSingleton<BrowserSignIn>();
        services.AddSingleton<TokenExchange>();
        services.AddSingleton<IPostConfigureOptions<FederationOptions>, PublishedFederationNames>();
        services.AddSingleton<ISignInModes, FederationModes>();
        return services;
    }
}
