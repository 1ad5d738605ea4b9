using AgentGate.Storage;
using AgentGate.Storage.Cluster;
using AgentGate.Storage.Cluster.Connections;

namespace AgentGate.Loopback;

/// <summary>A migrated database of one test's own on the shared PostgreSQL server.</summary>
internal sealed class PostgresTestDatabase : IAsyncDisposable
{
    private static readonly SemaphoreSlim s_template = new(1, 1);
    private static string? s_templateOf;

    private PostgresTestDatabase(string url)
    {
        (Url, Database) = (url, new PostgresDatabase(PostgresUrl.Read("DATABASE_URL", url)));
        Contexts = new PostgresTenantContexts(Database);
    }

    /// <summary>As <c>DATABASE_URL</c> has it.</summary>
    public string Url { get; }

    public PostgresDatabase Database { get; }

    public ITenantContexts Contexts { get; }

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

    /// <summary>Other connections to the same database, as another process has them. The caller disposes of them.</summary>
    public PostgresDatabase Another() => new(PostgresUrl.Read("DATABASE_URL", Url));

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
