using AgentGate.Audit;
using AgentGate.Certificates;
using AgentGate.Deception;
using AgentGate.Delegation;
using AgentGate.Guardrails;
using AgentGate.Keys;
using AgentGate.Pii.Vault;
using AgentGate.Pipeline;
using AgentGate.Policies.Versions;
using AgentGate.Storage.Alerts;
using AgentGate.Storage.Certificates;
using AgentGate.Storage.Cluster.Audit;
using AgentGate.Storage.Cluster.Certificates;
using AgentGate.Storage.Cluster.Connections;
using AgentGate.Storage.Cluster.Pii;
using AgentGate.Storage.Cluster.Traces;
using AgentGate.Storage.Deception;
using AgentGate.Storage.Delegation;
using AgentGate.Storage.Guardrails;
using AgentGate.Storage.Identity;
using AgentGate.Storage.Keys;
using AgentGate.Storage.Policies;
using AgentGate.Storage.Settings;
using AgentGate.Storage.Threats;
using AgentGate.Storage.Transactions;
using AgentGate.Traces;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AgentGate.Storage.Cluster;

/// <summary>Registers the cluster profile: PostgreSQL for facts and the log, Redis for the counts of limits.</summary>
internal static class ClusterStorageServiceCollectionExtensions
{
    /// <summary>Registers the stores. Call <see cref="IStorageInitializer.InitializeAsync"/> before anything uses them.</summary>
    /// <param name="services">The services.</param>
    /// <param name="database">Whom the server connects as.</param>
    /// <param name="owner">Who owns and migrates the tables, where that is another login.</param>
    /// <param name="redis">Where limits are counted; without it each server counts for itself.</param>
    /// <param name="migrate">Whether a server migrates the database at its start; else it refuses one that is not as new as itself.</param>
    public static IServiceCollection AddClusterStorage(
        this IServiceCollection services, NpgsqlConnectionStringBuilder database, NpgsqlConnectionStringBuilder? owner = null, RedisUrl? redis = null, bool migrate = true)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new PostgresDatabase(database, owner));
        services.AddSingleton<IStorageInitializer>(provider => new PostgresStorageInitializer(provider.GetRequiredService<PostgresDatabase>(), migrate));
        services.AddSingleton<ServerKeyRecord>();
        services.AddSingleton<ServerPresence>();
        services.AddSingleton<ISharedStore, PostgresHealth>();
        services.AddPostgresBudgets();
        if (redis is not null)
        {
            services.AddRedisLimits(redis);
            services.AddSingleton<RedisHealth>();
            services.AddSingleton<ISharedStore>(provider => provider.GetRequiredService<RedisHealth>());
        }

        // The facts: the stores on EF Core, the vault, and what tells of changes.
        services.AddSingleton<ITenantContexts, PostgresTenantContexts>();
        services.AddSingleton<IApiKeyStore, EfApiKeyStore>();
        services.AddSingleton<IPolicyVersions, EfPolicyVersions>();
        services.AddSingleton<ISafetyNodeStore, EfSafetyNodeStore>();
        services.AddSingleton<IGrantStore, EfGrantStore>();
        services.AddSingleton<IHoneyStore, EfHoneyStore>();
        services.AddIdentityStores();
        services.AddSettingsStore();
        services.AddThreatStores();
        services.AddAlertStores();

        // By the database's clock: those of the servers differ.
        services.AddSingleton<IGuardrailStore>(provider => new EfGuardrailStore(provider.GetRequiredService<ITenantContexts>(), time: null));
        services.AddTransactionStore();
        services.AddSingleton<IPiiVault, PostgresPiiVault>();
        services.AddOptions<ChangeOptions>();
        services.AddSingleton<IChangeFeed, PostgresChangeFeed>();
        services.TryAddSingleton<ChangeMetrics>();
        services.AddSingleton(provider => new ChangeFollower(
            provider.GetRequiredService<IChangeFeed>(),
            provider.GetServices<IFollowChanges>(),
            provider.GetRequiredService<IOptions<ChangeOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<KnowledgeAge>(),
            provider.GetRequiredService<ChangeMetrics>(),
            provider.GetRequiredService<ILogger<ChangeFollower>>()));
        services.AddSingleton(provider => new KnowledgeAge(
            provider.GetRequiredService<IOptions<ChangeOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IKnowledgeAge>(provider => provider.GetRequiredService<KnowledgeAge>());
        services.AddSingleton<IReadiness>(provider => provider.GetRequiredService<KnowledgeAge>());
        services.AddSingleton(provider => KnowledgeGuard.Describe(provider.GetRequiredService<IKnowledgeAge>()));
        AddLog(services);
        return services;
    }

    /// <summary>The log with everything that is stored in its transaction. The master key of evidence comes from the host.</summary>
    private static void AddLog(IServiceCollection services)
    {
        services.AddOptions<AuditOptions>();
        services.TryAddSingleton<IIdSource, SystemIdSource>();
        services.AddSingleton(provider => new LogInstances(
            provider.GetRequiredService<PostgresDatabase>(),
            provider.GetRequiredService<IOptions<AuditOptions>>().Value,
            provider.GetRequiredService<IIdSource>(),
            () => new LogInstanceKeys(
                provider.GetRequiredService<ILogKeySource>().Current.Id,
                provider.GetRequiredService<ISigningKeys>().Current.Id,
                provider.GetRequiredService<ISigningKeys>().Name)));
        services.AddSingleton<EvidenceCipher>();
        services.AddSingleton<IAuditLog>(provider => new PostgresAuditLog(
            provider.GetRequiredService<PostgresDatabase>(),
            provider.GetRequiredService<LogInstances>(),
            provider.GetRequiredService<IOptions<AuditOptions>>().Value,
            provider.GetRequiredService<EvidenceCipher>()));
        services.AddSingleton<ILogTiles, PostgresLogTiles>();
        services.AddSingleton<ISharedCheckpoints, PostgresCheckpoints>();
        services.AddSingleton<ICertificateStore, PostgresCertificateStore>();
        services.AddSingleton<ITraceStore, PostgresTraceStore>();
    }
}
