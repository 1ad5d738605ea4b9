using AgentGate.Deception;
using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Installs honey tokens: the guard, what is live, how it changes. In memory unless a storage profile keeps them.</summary>
internal static class DeceptionServiceCollectionExtensions
{
    public static void AddDeception(this IServiceCollection services)
    {
        services.TryAddSingleton<HoneyMetrics>();
        services.TryAddSingleton<HoneyRegistry>();
        services.TryAddSingleton<IHoneyStore, InMemoryHoneyStore>();
        services.TryAddSingleton<IHoneyKey>(provider =>
        {
            // Without a given key values live as long as the process, as the store in memory does.
            var key = new byte[32];
            provider.GetRequiredService<IIdSource>().Fill(key);
            return new FixedHoneyKey(key);
        });
        services.TryAddSingleton<HoneyCipher>();
        services.TryAddSingleton<HoneyAdministration>();
        services.TryAddSingleton(provider => new StoredHoney(
            provider.GetRequiredService<IHoneyStore>(),
            provider.GetRequiredService<HoneyRegistry>(),
            provider.GetRequiredService<HoneyCipher>(),
            provider.GetService<ILogger<StoredHoney>>() ?? NullLogger<StoredHoney>.Instance));
        services.AddSingleton<IReadiness>(provider => provider.GetRequiredService<StoredHoney>());
        services.AddSingleton<IFollowChanges>(provider => provider.GetRequiredService<StoredHoney>());
        services.TryAddSingleton(provider => new HoneyGuard(
            provider.GetRequiredService<HoneyRegistry>(),
            provider.GetRequiredService<IHoneyStore>(),
            provider.GetRequiredService<ICallTargets>(),
            provider.GetRequiredService<IIdSource>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<HoneyMetrics>(),
            provider.GetService<ILogger<HoneyGuard>>() ?? NullLogger<HoneyGuard>.Instance,
            provider.GetService<IGateEvents>(),
            provider.GetService<IGrantKnowledge>()));
        services.AddSingleton(provider => new GuardDescriptor("Deception", GuardOrder.Deception) { Request = provider.GetRequiredService<HoneyGuard>() });
        services.AddSingleton(provider => new GuardDescriptor("DeceptionTargets", HoneyTargetGuard.Order)
        {
            Request = new HoneyTargetGuard(provider.GetRequiredService<HoneyGuard>()),
        });
    }
}
