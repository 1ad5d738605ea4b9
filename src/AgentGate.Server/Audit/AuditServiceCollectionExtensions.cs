using AgentGate.Audit;
using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Audit;

/// <summary>Registers the log's writer and what goes with it. The store comes from the storage profile.</summary>
internal static class AuditServiceCollectionExtensions
{
    /// <summary>Registers the recorder and its background work.</summary>
    /// <param name="services">The services.</param>
    /// <param name="keyPath">The file of the chain key; made with mode 0600 where it is missing.</param>
    /// <param name="keyOverride">The value of <see cref="FileLogKeySource.EnvironmentName"/>, if set.</param>
    public static IServiceCollection AddAudit(this IServiceCollection services, string keyPath, string? keyOverride)
    {
        services.AddOptions<AuditOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AuditOptions>, AuditOptionsValidation>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIdSource, SystemIdSource>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<AuditOptions>>().Value);

        services.AddSingleton<ILogKeySource>(
            provider => FileLogKeySource.Open(keyPath, keyOverride, provider.GetRequiredService<IIdSource>()));
        services.AddSingleton<AuditMetrics>();
        services.AddSingleton<DecisionRecorder>();
        services.AddSingleton<IRecordHealth>(provider => provider.GetRequiredService<DecisionRecorder>());
        services.AddSingleton<IDecisionRecorder>(provider => provider.GetRequiredService<DecisionRecorder>());
        services.AddSingleton<AuditVerifier>();
        services.AddSingleton<AdminActs>();
        services.AddSingleton<UnauthenticatedCounter>();
        services.AddHostedService<LogHostedService>();
        return services;
    }
}
