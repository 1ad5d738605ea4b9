using AgentGate.Keys;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Keys;

/// <summary>Registers the API keys. Their store comes from the storage profile.</summary>
internal static class KeysServiceCollectionExtensions
{
    public static IServiceCollection AddKeys(this IServiceCollection services)
    {
        services.AddOptions<ApiKeyOptions>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ApiKeyOptions>>().Value);
        services.AddSingleton<ApiKeyService>();
        services.AddSingleton<Pipeline.IFollowChanges>(provider => provider.GetRequiredService<ApiKeyService>());
        services.AddHostedService<KeyUsageFlush>();
        return services;
    }
}
