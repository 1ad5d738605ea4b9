using AgentGate.Pipeline;
using AgentGate.Threats.Detection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentGate.Threats;

/// <summary>Registers the slice.</summary>
internal static class ThreatServiceCollectionExtensions
{
    /// <summary>Adds the Threats guard. Needs an <see cref="IToolCatalog"/>.</summary>
    public static IServiceCollection AddThreats(this IServiceCollection services)
    {
        services.AddOptions<ThreatOptions>();
        services.TryAddSingleton<ThreatScanner>();
        services.TryAddSingleton<ThreatMetrics>();
        services.TryAddSingleton<ThreatGuard>();
        services.AddSingleton(provider => new GuardDescriptor("Threats", GuardOrder.Threats) { Request = provider.GetRequiredService<ThreatGuard>() });
        return services;
    }
}
