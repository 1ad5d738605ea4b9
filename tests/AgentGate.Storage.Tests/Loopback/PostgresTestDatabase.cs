using AgentGate.Storage;
using AgentGate.Storage.Cluster;
using AgentGate.Storage.Cluster.Connections;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Loopback;

/// <summary>A migrated database of one test's own on the shared PostgreSQL server.</summary>
internal sealed class PostgresTestDatabase : IDbContextFactory<AgentGateDbContext>, IAsyncDisposable
{
    private static readonly SemaphoreSlim s_template = new(1, 1);
    private static string? s_templateOf;

    private PostgresTestDatabase(string url) => (Url, Database) = (url, new PostgresDatabase(PostgresUrl.Read("DATABASE_URL", url)));

    /// <summary>As <c>DATABASE_URL</c> has it.</summary>
    public string Url { get; }

    public PostgresDatabase Database { get; }

    /// <summary>A copy of a database that was migrated once.</summary>
    public static async Task<PostgresTestDatabase> CreateAsync()
    {
        const string Template = "agentgate_template";
        var server = await LoopbackServers.PostgresAsync();
        await s_template.WaitAsync();
        try
        {
            if (s_templateOf != server.Folder)
            {
                await server.ExecuteAsync($"CREATE DATABASE {Template}");
                await using var template = new PostgresDatabase(PostgresUrl.Read("DATABASE_URL", server.UrlOf(Template)));
                await new PostgresStorageInitializer(template).InitializeAsync(CancellationToken.None);
                s_templateOf = server.Folder;
            }

            return new PostgresTestDatabase(await server.CreateDatabaseAsync(Template));
        }
        finally
        {
            s_template.Release();
        }
    }

    /// <summary>A context that sees every tenant's rows.</summary>
    public AgentGateDbContext CreateDbContext() => new(PostgresContexts.Options(Database.System));

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
