using System.Globalization;
using AgentGate.Loopback;
using AgentGate.Storage.Cluster;
using AgentGate.Storage.Cluster.Connections;
using Npgsql;

namespace AgentGate.Storage.Tests.Cluster;

/// <summary>
/// What somebody gets who runs statements of their choice on a connection of tenant A, as the server's own login, which owns nothing: every
/// table of the catalogue, full of rows of tenant B.
/// </summary>
public sealed class TenantAttackTests(TenantAttackTests.Victim victim) : IClassFixture<TenantAttackTests.Victim>
{
    private const string Login = "agentgate_test_login";

    /// <summary>Values that a table's own checks demand. Everything else is filled in by its type.</summary>
    private static readonly Dictionary<(string Table, string Column), string> s_demanded = new() { [("policy_versions", "status")] = "'draft'" };

    private PostgresServer Server => victim.Server;

    private PostgresDatabase Database => victim.Database;

    private string DatabaseName => victim.Name;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tenant_A_sees_and_changes_no_row_of_tenant_B_in_any_table()
    {
        var tables = await TablesAsync();
        foreach (var tenant in new[] { "a", "b" })
        {
            await FillAsync(tables, tenant);
        }

        var before = await RowsOfBAsync(tables);
        foreach (var table in tables)
        {
            Assert.True(before[table.Name] > 0, $"{table.Name} has no row of tenant B to steal.");
            await AttackAsync(table);
        }

        Assert.Equal(before, await RowsOfBAsync(tables));
        Assert.True(tables.Count >= 20);
    }

    [Theory]
    [InlineData("ALTER TABLE api_keys DISABLE ROW LEVEL SECURITY")]
    [InlineData("ALTER TABLE api_keys NO FORCE ROW LEVEL SECURITY")]
    [InlineData("DROP POLICY tenant_rows ON api_keys")]
    [InlineData("CREATE POLICY mine ON api_keys USING (true)")]
    [InlineData("ALTER TABLE api_keys OWNER TO CURRENT_USER")]
    [InlineData("SET ROLE postgres")]
    [InlineData("SET SESSION AUTHORIZATION postgres")]
    [InlineData("TRUNCATE api_keys CASCADE")]
    [InlineData("DROP TABLE api_keys")]
    [InlineData("CREATE TABLE mine (x int)")]
    [InlineData("CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'")]
    [InlineData("CREATE TRIGGER mine AFTER INSERT ON api_keys EXECUTE FUNCTION agentgate_row_changed('x')")]
    [InlineData("CREATE VIEW mine AS SELECT * FROM api_keys")]
    [InlineData("ALTER ROLE CURRENT_USER BYPASSRLS")]
    [InlineData("ALTER ROLE CURRENT_USER SUPERUSER")]
    [InlineData("COPY api_keys FROM PROGRAM 'true'")]
    [InlineData("COPY api_keys TO '/tmp/x'")]
    [InlineData("INSERT INTO \"__EFMigrationsHistory\" VALUES ('x', 'x')")]
    public async Task What_keeps_tenants_apart_cannot_be_taken_away(string sql)
    {
        foreach (var connection in new[] { await Database.OpenAsync("a", Cancel), await Database.OpenSystemAsync(Cancel) })
        {
            await using (connection)
            {
                Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(connection, sql))).SqlState);
            }
        }
    }

    [Fact]
    public async Task Turning_row_security_off_for_oneself_fails_the_query_instead_of_showing_rows()
    {
        await using var connection = await Database.OpenAsync("a", Cancel);
        await ExecuteAsync(connection, "SET row_security = off");

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(connection, "SELECT * FROM api_keys"))).SqlState);
    }

    [Fact]
    public async Task The_roles_and_the_login_own_nothing_and_stand_above_nothing()
    {
        await using var connection = await Database.Owner.OpenConnectionAsync(Cancel);

        Assert.Equal(0L, await ScalarAsync(connection, $"SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname IN ('{Login}', 'agentgate_tenant', 'agentgate_system')"));
        Assert.Equal(0L, await ScalarAsync(connection, $"SELECT count(*) FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE r.rolname IN ('{Login}', 'agentgate_tenant', 'agentgate_system')"));
        Assert.Equal(0L, await ScalarAsync(connection, $"SELECT count(*) FROM pg_roles WHERE rolname IN ('{Login}', 'agentgate_tenant', 'agentgate_system') AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"));
    }

    [Fact]
    public async Task A_connection_goes_back_to_the_pool_without_its_tenant_and_its_role()
    {
        for (var i = 0; i < 3; i++)
        {
            await using (var b = await Database.OpenAsync("b", Cancel))
            {
                await ExecuteAsync(b, "INSERT INTO budget_spent (tenant, rule, subject, window_start, nano_usd) VALUES ('b', 'pool', 'x', 9, 1) ON CONFLICT DO NOTHING");
                await ExecuteAsync(b, $"SET ROLE {PostgresDatabase.SystemRole}");
            }

            await using var next = await Database.Tenants.OpenConnectionAsync(Cancel);
            Assert.Equal(PostgresDatabase.TenantRole, await ScalarAsync(next, "SELECT current_user::text"));
            Assert.Equal(0L, await ScalarAsync(next, "SELECT count(*) FROM budget_spent"));
        }
    }

    private async Task AttackAsync(Table table)
    {
        await using var a = await Database.OpenAsync("a", Cancel);
        Assert.Equal(0L, await ScalarAsync(a, $"SELECT count(*) FROM \"{table.Name}\" WHERE tenant <> 'a'"));
        Assert.True((long)(await ScalarAsync(a, $"SELECT count(*) FROM \"{table.Name}\""))! > 0, $"Tenant A does not see its own rows of {table.Name}.");
        Assert.Equal(0L, await ScalarAsync(a, $"SELECT count(*) FROM \"{table.Name}\" t WHERE t::text LIKE '%of b%'"));
        await RefusedAsync(a, table.Insert("b", "stolen of b"));
        await RefusedAsync(a, table.Insert("b", "stolen of b") + " ON CONFLICT DO NOTHING");

        // What keeps a table as it is for everybody, its own tenant included, is no leak.
        await NoneAsync(a, $"UPDATE \"{table.Name}\" SET tenant = 'a' WHERE tenant = 'b'");
        await NoneAsync(a, $"DELETE FROM \"{table.Name}\" WHERE tenant = 'b'");
        await RefusedAsync(a, $"UPDATE \"{table.Name}\" SET tenant = 'b'");
    }

    private static async Task NoneAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        try
        {
            Assert.Equal(0, await command.ExecuteNonQueryAsync(Cancel));
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // A table that no tenant's connection writes at all.
        }
    }

    private static async Task RefusedAsync(NpgsqlConnection connection, string sql)
        => Assert.Contains(
            (await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(connection, sql))).SqlState,
            (string[])[PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.RestrictViolation]);

    private async Task FillAsync(IEnumerable<Table> tables, string tenant)
    {
        // Past triggers and keys to other tables, which is for a superuser alone.
        foreach (var table in tables)
        {
            await Server.ExecuteAsync("SET session_replication_role = replica; " + table.Insert(tenant, "of " + tenant), DatabaseName);
        }
    }

    private async Task<Dictionary<string, long>> RowsOfBAsync(IEnumerable<Table> tables)
    {
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var connection = new NpgsqlConnection(string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Server.Port};Username=postgres;Database={DatabaseName};Pooling=false"));
        await connection.OpenAsync(Cancel);
        foreach (var table in tables)
        {
            // As many, and the very same.
            rows[table.Name] = (long)(await ScalarAsync(connection, $"SELECT coalesce(sum((hashtext(t::text) & 65535) + 1), 0)::bigint FROM \"{table.Name}\" t WHERE tenant = 'b'"))!;
        }

        return rows;
    }

    private async Task<List<Table>> TablesAsync()
    {
        await using var connection = await Database.Owner.OpenConnectionAsync(Cancel);
        await using var command = new NpgsqlCommand(
            """
            SELECT table_name::text, array_agg(column_name::text), array_agg(data_type::text) FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
            WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER' AND is_identity = 'NO'
            GROUP BY table_name HAVING 'tenant' = ANY(array_agg(column_name::text)) ORDER BY 1
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var tables = new List<Table>();
        while (await reader.ReadAsync(Cancel))
        {
            tables.Add(new Table(reader.GetString(0), [.. reader.GetFieldValue<string[]>(1).Zip(reader.GetFieldValue<string[]>(2))]));
        }

        return tables;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancel);
    }

    private sealed record Table(string Name, (string Column, string Type)[] Columns)
    {
        public string Insert(string tenant, string text)
        {
            var values = Columns.Select(column => column.Column == "tenant" ? $"'{tenant}'"
                : s_demanded.GetValueOrDefault((Name, column.Column)) ?? column.Type switch
                {
                    "text" or "character varying" => $"'{column.Column} {text}'",
                    "bytea" => $"convert_to('{text}', 'UTF8')",
                    "boolean" => "false",
                    "jsonb" or "json" => $"'{{\"x\":\"{text}\"}}'",
                    "uuid" => "gen_random_uuid()",
                    "double precision" or "numeric" or "real" => "1",
                    "bigint" or "integer" or "smallint" => tenant == "a" ? "1" : "2",
                    "timestamp with time zone" => "now()",
                    var other => throw new InvalidOperationException($"{Name}.{column.Column} is of the type {other}: say here what to put in it."),
                });
            return $"INSERT INTO \"{Name}\" ({string.Join(", ", Columns.Select(column => $"\"{column.Column}\""))}) VALUES ({string.Join(", ", values)})";
        }
    }

    /// <summary>A database that its owner migrated for a login that owns nothing, for all tests: what they do leaves no trace, or only rows of one's own.</summary>
    public sealed class Victim : IAsyncLifetime
    {
        public PostgresServer Server { get; private set; } = null!;

        internal PostgresDatabase Database { get; private set; } = null!;

        public string Name { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await LoopbackServers.PostgresAsync();
            var owner = await Server.CreateDatabaseAsync();
            Name = new Uri(owner).AbsolutePath.Trim('/');
            await Server.ExecuteAsync(
                $"DO $$ BEGIN CREATE ROLE {Login} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$");
            Database = new PostgresDatabase(PostgresUrl.Read("DATABASE_URL", Server.UrlOf(Name, Login)), PostgresUrl.Read("DATABASE_OWNER_URL", owner));
            await new PostgresStorageInitializer(Database).InitializeAsync(Cancel);
        }

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }
}
