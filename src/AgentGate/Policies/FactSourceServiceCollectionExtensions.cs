using AgentGate.Pipeline;
using AgentGate.Policies;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Installs sources of facts that policies see as <c>context.facts</c>.</summary>
public static class FactSourceServiceCollectionExtensions
{
    /// <summary>Adds a source. Each call asks every source once, before its policies; one that fails denies the call.</summary>
    /// <typeparam name="TSource">The source; one instance serves all calls.</typeparam>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddFactSource<TSource>(this IServiceCollection services)
        where TSource : class, IFactSource
    {
        ArgumentNullException.ThrowIfNull(services);
        if (!services.Any(static service => service.ServiceType == typeof(IFactSource)))
        {
            services.AddSingleton(provider => new GuardDescriptor("Facts", FactGuard.Order) { Request = new FactGuard(provider.GetServices<IFactSource>()) });
        }

        services.AddSingleton<IFactSource, TSource>();
        return services;
    }
}
