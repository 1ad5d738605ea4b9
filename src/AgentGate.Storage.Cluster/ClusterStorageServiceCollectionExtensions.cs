using AgentGate.Pipeline;
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
    /// <param name="migrate">Whether a server migrates the database at its start; else it refuses one that is not as new as itself.</param>
    public static IServiceCollection AddClusterStorage(
        this IServiceCollection services, NpgsqlConnectionStringBuilder database, NpgsqlConnectionStringBuilder? owner = null, bool migrate = true)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new PostgresDatabase(database, owner));
        services.AddSingleton<IStorageInitializer>(provider => new PostgresStorageInitializer(provider.GetRequiredService<PostgresDatabase>(), migrate));
        services.AddSingleton<ServerKeyRecord>();
        services.AddSingleton<ServerPresence>();
        services.AddSingleton<ISharedStore, PostgresHealth>();
        return services;
    }
}
