using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Cluster;

/// <summary>How EF Core reaches PostgreSQL: the model is the embedded profile's, the migrations are this project's.</summary>
internal static class PostgresContexts
{
    /// <summary>Options for a connection string.</summary>
    public static DbContextOptions<AgentGateDbContext> Options(string connectionString)
        => new DbContextOptionsBuilder<AgentGateDbContext>()
            .UseNpgsql(connectionString, npgsql => npgsql.MigrationsAssembly(typeof(PostgresContexts).Assembly.GetName().Name)).Options;

    /// <summary>Options for connections of a data source.</summary>
    public static DbContextOptions<AgentGateDbContext> Options(System.Data.Common.DbDataSource source)
        => new DbContextOptionsBuilder<AgentGateDbContext>()
            .UseNpgsql(source, npgsql => npgsql.MigrationsAssembly(typeof(PostgresContexts).Assembly.GetName().Name)).Options;
}
