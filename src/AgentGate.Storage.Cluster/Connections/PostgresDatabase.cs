using AgentGate.Diagnostics;
using Npgsql;

namespace AgentGate.Storage.Cluster.Connections;

/// <summary>
/// The database of the cluster profile and how its connections are opened. The server works under two roles that own no table, on
/// which row-level security is forced: one sees the rows of the tenant a connection names and no others, the other, for the log's
/// writer and for what is loaded at the start, sees every tenant's. Thread-safe.
/// </summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    /// <summary>The role that sees one tenant's rows.</summary>
    public const string TenantRole = "agentgate_tenant";

    /// <summary>The role that sees all tenants' rows, and owns none.</summary>
    public const string SystemRole = "agentgate_system";

    /// <summary>The setting of a connection that names the tenant. Unset, no row is seen.</summary>
    public const string TenantSetting = "agentgate.tenant";

    /// <summary>How often a connection out of the pool may turn out to be broken.</summary>
    private const int TriesMax = 3;

    /// <summary>The most connections of a pool that serves calls, where the URL says nothing.</summary>
    private const int CallsMax = 30;

    /// <summary>The most connections of the upkeep: one appends, one says that the server is there, the others are for their next start and for health.</summary>
    private const int UpkeepMax = 8;

    private readonly NpgsqlDataSource _tenants;

    /// <param name="url">Whom the server connects as.</param>
    /// <param name="ownerUrl">Who owns the tables and migrates them, where that is another login; else <paramref name="url"/>.</param>
    /// <param name="settings">What the two come from, for the message.</param>
    /// <exception cref="InvalidOperationException">They name two databases: one would be migrated, and the other worked on.</exception>
    public PostgresDatabase(NpgsqlConnectionStringBuilder url, NpgsqlConnectionStringBuilder? ownerUrl = null, string settings = "DATABASE_URL and DATABASE_OWNER_URL")
    {
        if (ownerUrl is not null && !IsSame(url, ownerUrl))
        {
            throw new InvalidOperationException(
                $"{Codes.ProfileContradicts}: {settings} name two databases: {NameOf(url)} and {NameOf(ownerUrl)}. "
                + "Write host, port and database the same way in both; they differ in the login alone.");
        }

        Owner = Source(ownerUrl ?? url, null);
        System = Source(ForCalls(url), SystemRole);
        _tenants = Source(ForCalls(url), TenantRole);
        Upkeep = Source(Sized(url, UpkeepMax), SystemRole);
        Listening = Source(Sized(url, 1), TenantRole);
        Name = NameOf(url);
        DatabaseName = url.Database ?? url.Username ?? string.Empty;
        User = url.Username ?? string.Empty;
        OwnerUser = (ownerUrl ?? url).Username ?? string.Empty;
        Unpooled = new NpgsqlConnectionStringBuilder(url.ConnectionString) { Pooling = false, Multiplexing = false, ApplicationName = "agentgate", IncludeErrorDetail = false, KeepAlive = 5 }.ConnectionString;
        HasOwnerLogin = ownerUrl is not null;
    }

    /// <summary>Whether another login owns and migrates the tables.</summary>
    public bool HasOwnerLogin { get; }

    /// <summary>Host, port and database, for messages.</summary>
    public string Name { get; }

    /// <summary>The database alone, for messages.</summary>
    public string DatabaseName { get; }

    /// <summary>The server's login.</summary>
    public string User { get; }

    /// <summary>The login that owns the tables.</summary>
    public string OwnerUser { get; }

    /// <summary>A connection string outside the pools, for a session's own locks. Holds the password.</summary>
    internal string Unpooled { get; }

    /// <summary>Connections of the tables' owner: migrations, and nothing else.</summary>
    public NpgsqlDataSource Owner { get; }

    /// <summary>Connections that see every tenant's rows.</summary>
    public NpgsqlDataSource System { get; }

    /// <summary>
    /// As <see cref="System"/>, for what keeps the server going: the log, its lease, its health. However many calls wait for a connection,
    /// these are not theirs to take.
    /// </summary>
    public NpgsqlDataSource Upkeep { get; }

    /// <summary>The one connection that hears of changes, and never sees a tenant's row.</summary>
    public NpgsqlDataSource Listening { get; }

    /// <summary>Connections that see no row until <see cref="TenantSetting"/> is set.</summary>
    public NpgsqlDataSource Tenants => _tenants;

    /// <summary>Opens a connection that sees one tenant's rows. Back in the pool it sees none.</summary>
    /// <exception cref="InvalidOperationException">The connection is not under its role: no tenant is told to it.</exception>
    public ValueTask<NpgsqlConnection> OpenAsync(string tenant, CancellationToken cancellationToken)
        => OpenWholeAsync(
            _tenants,
            async connection =>
            {
                await using var command = new NpgsqlCommand($"SELECT current_user::text, set_config('{TenantSetting}', $1, false)", connection) { Parameters = { new() { Value = tenant } } };
                if (await command.ExecuteScalarAsync(cancellationToken) is not TenantRole)
                {
                    throw PostgresRoleCheck.NotKept(this, TenantRole);
                }
            },
            cancellationToken);

    /// <summary>Opens a connection that sees every tenant's rows.</summary>
    public ValueTask<NpgsqlConnection> OpenSystemAsync(CancellationToken cancellationToken)
        => OpenWholeAsync(
            System,
            async connection =>
            {
                await using var command = new NpgsqlCommand("SELECT 1", connection);
                await command.ExecuteScalarAsync(cancellationToken);
            },
            cancellationToken);

    /// <summary>Opens a connection of the upkeep, which sees every tenant's rows.</summary>
    public ValueTask<NpgsqlConnection> OpenUpkeepAsync(CancellationToken cancellationToken) => Upkeep.OpenConnectionAsync(cancellationToken);

    /// <summary>Closes every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await Owner.DisposeAsync();
        await System.DisposeAsync();
        await _tenants.DisposeAsync();
        await Upkeep.DisposeAsync();
        await Listening.DisposeAsync();
    }

    /// <summary>A connection that answered: one that broke while it lay in the pool was asked nothing yet, and the next one may be whole.</summary>
    private static async ValueTask<NpgsqlConnection> OpenWholeAsync(NpgsqlDataSource pool, Func<NpgsqlConnection, Task> first, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var connection = await pool.OpenConnectionAsync(cancellationToken);
            try
            {
                await first(connection);
                return connection;
            }
            catch (NpgsqlException broken) when (broken.IsTransient && tries < TriesMax)
            {
                await connection.DisposeAsync();
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
    }

    private static string NameOf(NpgsqlConnectionStringBuilder url) => $"{url.Host}:{url.Port}/{url.Database}";

    private static bool IsSame(NpgsqlConnectionStringBuilder one, NpgsqlConnectionStringBuilder other)
        => string.Equals(one.Host, other.Host, StringComparison.OrdinalIgnoreCase) && one.Port == other.Port
            && (one.Database ?? one.Username) == (other.Database ?? other.Username);

    private static NpgsqlConnectionStringBuilder ForCalls(NpgsqlConnectionStringBuilder url)
        => url.ShouldSerialize("Maximum Pool Size") ? url : Sized(url, CallsMax);

    private static NpgsqlConnectionStringBuilder Sized(NpgsqlConnectionStringBuilder url, int most)
        => new(url.ConnectionString) { MaxPoolSize = most, MinPoolSize = Math.Min(url.MinPoolSize, most) };

    private static NpgsqlDataSource Source(NpgsqlConnectionStringBuilder url, string? role)
    {
        var own = new NpgsqlConnectionStringBuilder(url.ConnectionString)
        {
            ApplicationName = url.ApplicationName is { Length: > 0 } name ? name : "agentgate",
            IncludeErrorDetail = false,

            // The tenant is a setting of the connection: one caller has it at a time, and back in the pool it is reset. Whatever the URL says.
            NoResetOnClose = false,
            Multiplexing = false,

            // What a connection says again and again is parsed and planned once.
            MaxAutoPrepare = url.MaxAutoPrepare > 0 ? url.MaxAutoPrepare : 100,
            AutoPrepareMinUsages = 3,
        };
        if (role is not null)
        {
            // A startup option and not a statement: what the pool resets between uses falls back to it.
            own.Options = $"-c role={role}";
        }

        return new NpgsqlDataSourceBuilder(own.ConnectionString).Build();
    }
}
