using AgentGate.Storage.Cluster.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
    public static IServiceCollection AddClusterStorage(
        this IServiceCollection services, NpgsqlConnectionStringBuilder database, NpgsqlConnectionStringBuilder? owner = null, RedisUrl? redis = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new PostgresDatabase(database, owner));
        services.AddSingleton<IStorageInitializer, PostgresStorageInitializer>();
        services.AddPostgresBudgets();
        if (redis is not null)
        {
            services.AddRedisLimits(redis);
        }

        return services;
    }
}
