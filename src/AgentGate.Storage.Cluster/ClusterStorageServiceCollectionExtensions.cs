using AgentGate.Audit;
using AgentGate.Certificates;
using AgentGate.Pipeline;
using AgentGate.Storage.Certificates;
using AgentGate.Storage.Cluster.Audit;
using AgentGate.Storage.Cluster.Certificates;
using AgentGate.Storage.Cluster.Connections;
using AgentGate.Storage.Cluster.Traces;
using AgentGate.Traces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
    public static IServiceCollection AddClusterStorage(
        this IServiceCollection services, NpgsqlConnectionStringBuilder database, NpgsqlConnectionStringBuilder? owner = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new PostgresDatabase(database, owner));
        services.AddSingleton<IStorageInitializer, PostgresStorageInitializer>();
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
