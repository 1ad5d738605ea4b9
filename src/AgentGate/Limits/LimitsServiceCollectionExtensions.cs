using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentGate.Limits;

/// <summary>Registers the slice.</summary>
internal static class LimitsServiceCollectionExtensions
{
    /// <summary>Adds the Limits guard, counting in process unless another <see cref="ILimitStore"/> is registered. Needs a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitsOptions>().PostConfigure(options =>
        {
            if (options.UseShippedDefault && options.Rules.Count == 0)
            {
                ShippedLimits.AddTo(options.Rules);
            }
        });
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LimitsOptions>, LimitsOptionsValidator>());
        services.TryAddSingleton<LimitSet>();
        services.TryAddSingleton<LimitMetrics>();
        services.TryAddSingleton(provider => new LimitStoreHealth(
            provider.GetRequiredService<LimitSet>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<LimitMetrics>(),
            provider.GetService<ILogger<LimitStoreHealth>>() ?? NullLogger<LimitStoreHealth>.Instance));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthRemark, LimitStoreHealth>(provider => provider.GetRequiredService<LimitStoreHealth>()));
        services.TryAddSingleton<ILimitStore>(provider =>
        {
            var store = Store(provider, shares: false);
            provider.GetRequiredService<LimitMetrics>().ObserveKeys(store.Keys);
            return store;
        });
        services.AddSingleton(provider => new GuardDescriptor("Limits", GuardOrder.Limits)
        {
            CountsOnce = true,
            Request = new LimitGuard(
                provider.GetRequiredService<LimitSet>(),
                provider.GetRequiredService<ILimitStore>(),
                Store(provider, shares: true),
                provider.GetRequiredService<IOptions<LimitsOptions>>(),
                provider.GetRequiredService<LimitMetrics>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<LimitStoreHealth>(),
                provider.GetService<ILimitSeat>()),
        });
        return services;
    }

    private static InMemoryLimitStore Store(IServiceProvider provider, bool shares)
    {
        var limits = provider.GetRequiredService<LimitSet>();
        return new InMemoryLimitStore(
            shares ? limits.Shares : limits.All,
            provider.GetRequiredService<IOptions<LimitsOptions>>().Value.KeysMax,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<LimitMetrics>(),
            provider.GetService<ILogger<InMemoryLimitStore>>() ?? NullLogger<InMemoryLimitStore>.Instance);
    }
}
