using AgentGate.Pii.Vault;
using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentGate.Pii;

/// <summary>Registers the slice.</summary>
internal static class PiiServiceCollectionExtensions
{
    /// <summary>
    /// Adds the Pii guard, with a vault in memory unless another is registered. Needs an <see cref="IPiiScanner"/>, an
    /// <see cref="IIdSource"/> and a <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddPii(this IServiceCollection services)
    {
        services.AddOptions<PiiVaultOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PiiVaultOptions>, PiiVaultOptionsValidator>());
        services.TryAddSingleton<IPiiVault, InMemoryPiiVault>();
        services.TryAddSingleton<PiiSearch>();
        services.TryAddSingleton<PiiSessions>();
        services.TryAddSingleton<PiiGuard>();
        services.TryAddSingleton<IRestoreFacts, PiiRestoreFacts>();
        services.TryAddSingleton<INameScreen, PiiNameScreen>();
        services.TryAddSingleton<IRawBinding, PiiRawBinding>();
        services.TryAddSingleton<IResponseLinks, PiiResponseLinks>();
        services.AddSingleton(provider =>
        {
            var guard = provider.GetRequiredService<PiiGuard>();
            return new GuardDescriptor("Pii", GuardOrder.Pii) { Request = guard, Response = guard };
        });
        return services;
    }
}
