using AgentGate.Limits;
using AgentGate.Pipeline;
using AgentGate.Storage.Cluster.Connections;
using AgentGate.Storage.Cluster.Limits;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentGate.Storage.Cluster;

/// <summary>Registers the counts in Redis.</summary>
internal static class ClusterLimits
{
    /// <summary>Counts limits in Redis. <see cref="LimitUpkeep"/> is started and run by the host.</summary>
    /// <param name="services">The services; <see cref="PostgresDatabase"/> among them.</param>
    /// <param name="redis">Where Redis is.</param>
    public static IServiceCollection AddRedisLimits(this IServiceCollection services, RedisUrl redis)
    {
        services.TryAddSingleton<IIdSource, SystemIdSource>();
        services.AddSingleton(_ => new RedisDatabase(redis));
        services.AddSingleton<ILimitEpochs>(provider => new PostgresLimitEpochs(provider.GetRequiredService<PostgresDatabase>(), redis.Prefix));
        services.AddSingleton(provider => new RedisLimitStore(
            provider.GetRequiredService<RedisDatabase>(),
            provider.GetRequiredService<ILimitEpochs>(),
            provider.GetRequiredService<LimitSet>(),
            provider.GetRequiredService<LimitStoreHealth>(),
            provider.GetRequiredService<IOptions<LimitsOptions>>().Value.StoreDeadline,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IIdSource>()));
        services.AddSingleton<ILimitStore>(provider => provider.GetRequiredService<RedisLimitStore>());
        services.AddSingleton(provider => new PostgresLimitSeat(
            provider.GetRequiredService<PostgresDatabase>(),
            redis.Prefix,
            provider.GetRequiredService<LimitSet>(),
            provider.GetRequiredService<LimitStoreHealth>(),
            provider.GetRequiredService<IIdSource>().NewId(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PostgresLimitSeat>>()));
        services.AddSingleton<ILimitSeat>(provider => provider.GetRequiredService<PostgresLimitSeat>());
        services.AddSingleton<LimitUpkeep>();
        return services;
    }
}
