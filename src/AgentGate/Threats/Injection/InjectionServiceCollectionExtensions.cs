using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentGate.Threats.Injection;

/// <summary>Registers the guard.</summary>
internal static class InjectionServiceCollectionExtensions
{
    /// <summary>Adds the Injection guard. Every <see cref="IInjectionClassifier"/> that is registered is asked too.</summary>
    public static IServiceCollection AddInjection(this IServiceCollection services)
    {
        services.AddOptions<InjectionOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<InjectionOptions>, InjectionOptionsValidator>());
        services.TryAddSingleton<InjectionScorer>();
        services.TryAddSingleton<InjectionMetrics>();
        services.TryAddSingleton(provider => new InjectionClassifiers(
            provider.GetServices<IInjectionClassifier>(),
            provider.GetRequiredService<IOptions<InjectionOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILogger<InjectionClassifiers>>() ?? NullLogger<InjectionClassifiers>.Instance));
        services.TryAddSingleton(provider => new InjectionGuard(
            provider.GetRequiredService<InjectionScorer>(),
            provider.GetRequiredService<IOptions<InjectionOptions>>(),
            provider.GetRequiredService<InjectionClassifiers>(),
            provider.GetRequiredService<InjectionMetrics>(),
            provider.GetService<INameScreen>()));
        services.AddSingleton(provider => new GuardDescriptor("Injection", GuardOrder.Injection) { Request = provider.GetRequiredService<InjectionGuard>() });
        return services;
    }
}
