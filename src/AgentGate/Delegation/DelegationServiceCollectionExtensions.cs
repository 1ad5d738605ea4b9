using AgentGate.Delegation;
using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Installs grants: what is in force, how it changes, how it is proved. In memory unless a storage profile keeps them.</summary>
internal static class DelegationServiceCollectionExtensions
{
    public static void AddDelegation(this IServiceCollection services)
    {
        services.TryAddSingleton<GrantMetrics>();
        services.TryAddSingleton<GrantRegistry>();
        services.TryAddSingleton<IGrantKnowledge>(provider => provider.GetRequiredService<GrantRegistry>());
        services.TryAddSingleton<IGrantStore, InMemoryGrantStore>();
        services.TryAddSingleton(provider => new GrantAdministration(
            provider.GetRequiredService<IGrantStore>(),
            provider.GetRequiredService<GrantRegistry>(),
            provider.GetRequiredService<Gate>(),
            provider.GetRequiredService<IIdSource>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ISigningKeys>(),
            provider.GetService<INameScreen>()));
        services.TryAddSingleton(provider => new StoredGrants(
            provider.GetRequiredService<IGrantStore>(),
            provider.GetRequiredService<GrantRegistry>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILogger<StoredGrants>>() ?? NullLogger<StoredGrants>.Instance,
            provider.GetRequiredService<GrantMetrics>(),
            provider.GetService<ISigningKeys>()));
        services.AddSingleton<IFollowChanges>(provider => provider.GetRequiredService<StoredGrants>());
    }
}
