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

        services.AddSingleton(provider => FileLogKeySource.Open(keyPath, keyOverride, provider.GetRequiredService<IIdSource>()));
        services.AddSingleton<ILogKeySource>(provider => provider.GetRequiredService<FileLogKeySource>());
        services.AddSingleton<LogTrees>();
        services.AddSingleton<AuditMetrics>();
        services.AddSingleton<DecisionRecorder>();
        services.AddSingleton<IRecordHealth>(provider => provider.GetRequiredService<DecisionRecorder>());
        services.AddSingleton<IHealthRemark>(provider => provider.GetRequiredService<DecisionRecorder>());
        services.AddSingleton<IDecisionRecorder>(provider => provider.GetRequiredService<DecisionRecorder>());
        services.AddSingleton<AuditVerifier>();
        services.AddSingleton<AdminActs>();
        services.AddSingleton<UnauthenticatedCounter>();
        services.AddHostedService<LogHostedService>();
        services.AddHostedService<LogInstanceHostedService>();
        return services;
    }

    /// <summary>Registers what signs: certificates with their batch, checkpoints, and what publishes them.</summary>
    /// <param name="services">The services.</param>
    /// <param name="keyPath">The file of the signing keys; made with mode 0600 where it is missing.</param>
    /// <param name="keyOverride">The value of <see cref="FileSigningKeys.EnvironmentName"/>, if set.</param>
    /// <param name="environment">The host's environment: keys made in development are good for it alone.</param>
    /// <param name="rotates">Whether a command is about to rotate keys.</param>
    /// <param name="checkpoints">The directory of the newest signed checkpoints.</param>
    public static IServiceCollection AddLogSigning(
        this IServiceCollection services, string keyPath, string? keyOverride, string environment, bool rotates, string checkpoints)
    {
        services.AddSingleton(provider => FileSigningKeys.Open(
            keyPath,
            keyOverride,
            provider.GetRequiredService<IOptions<SigningOptions>>().Value,
            environment,
            provider.GetRequiredService<IIdSource>(),
            provider.GetRequiredService<TimeProvider>(),
            rotates));
        services.AddSingleton<ISigningKeys>(provider => provider.GetRequiredService<FileSigningKeys>());
        services.AddSingleton(new CheckpointFiles(checkpoints));
        services.AddSingleton<CheckpointPublisher>();
        services.AddSingleton<IHealthRemark>(provider => provider.GetRequiredService<CheckpointPublisher>());
        services.AddSingleton<KeyRotator>();
        services.AddSingleton<TreeVerifier>();
        services.AddHostedService<CheckpointHostedService>();
        return services;
    }
}
