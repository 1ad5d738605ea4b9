using AgentGate.Providers;
using AgentGate.Server.Providers.Demo;
using AgentGate.Server.Providers.Upstream;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Providers;

/// <summary>Installs the providers, the router and the transport.</summary>
internal static class ProvidersRegistration
{
    /// <param name="services">The services.</param>
    /// <param name="configuration">The configuration, which holds the environment variables with the keys too.</param>
    /// <param name="development">Whether this is the development environment, in which the demo provider is always on.</param>
    public static IServiceCollection AddProviders(this IServiceCollection services, IConfiguration configuration, bool development)
    {
        services.AddOptions<ProvidersOptions>()
            .Configure(o => configuration.GetSection(ProvidersOptions.Section).Bind(o.ByName, b => b.ErrorOnUnknownConfiguration = true))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProvidersOptions>>(new ProvidersValidator(configuration));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(s => ProviderDirectory.Build(
            s.GetRequiredService<IOptions<ProvidersOptions>>().Value, key => configuration[key], development));
        services.AddSingleton<ModelRouter>();
        services.AddSingleton<DemoRecord>();
        services.AddSingleton<DemoHandler>();
        services.AddSingleton<UpstreamClients>();
        services.AddSingleton<UpstreamTransport>();
        return services;
    }
}
