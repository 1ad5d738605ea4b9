using AgentGate.Loopback;
using AgentGate.Storage.Cluster;
using AgentGate.Storage.Cluster.Connections;
using Npgsql;

namespace AgentGate.Storage.Tests.Cluster;

/// <summary>What a database must be before a server starts on it, and what is said where it is not. The passwords are never said.</summary>
public sealed class ClusterStartTests
{
    private const string Password = "pass/word:of%the=test";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_nobody_listens_for_is_named_with_host_and_port()
    {
        var refused = await RefusalAsync($"postgresql://someone:{Escaped}@127.0.0.1:1/nothing");

        Assert.StartsWith("AG7011", refused, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:1/nothing", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_exist_comes_with_the_statement_that_makes_it()
    {
        var server = await LoopbackServers.PostgresAsync();

        var refused = await RefusalAsync(server.UrlOf("not_there"));

        Assert.StartsWith("AG7011", refused, StringComparison.Ordinal);
        Assert.Contains("CREATE DATABASE \"not_there\" OWNER \"postgres\"", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_may_not_make_roles_comes_with_the_statements_for_an_administrator_and_after_them_it_starts()
    {
        var server = await LoopbackServers.PostgresAsync();
        await server.ExecuteAsync("CREATE ROLE plain LOGIN");
        await server.ExecuteAsync("CREATE DATABASE plain OWNER plain");
        var url = server.UrlOf("plain", "plain");

        var refused = await RefusalAsync(url);

        Assert.StartsWith("AG7015", refused, StringComparison.Ordinal);
        foreach (var statement in refused.Split('\n').Where(line => line.TrimStart().StartsWith("CREATE ROLE", StringComparison.Ordinal) || line.TrimStart().StartsWith("GRANT", StringComparison.Ordinal)))
        {
            try
            {
                await server.ExecuteAsync(statement);
            }
            catch (PostgresException there) when (there.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation)
            {
                // Roles belong to the whole server; another test's database made them.
            }
        }

        await using var database = new PostgresDatabase(PostgresUrl.Read("DATABASE_URL", url));
        await new PostgresStorageInitializer(database).InitializeAsync(Stop);
        Assert.Equal("agentgate_system", await ScalarAsync(database.System, "SELECT current_user::text"));
        Assert.Equal("agentgate_tenant", await ScalarAsync(database.Tenants, "SELECT current_user::text"));
    }

    [Fact]
    public async Task A_login_that_may_not_make_tables_is_told_so()
    {
        var server = await LoopbackServers.PostgresAsync();
        await server.ExecuteAsync("CREATE ROLE guest LOGIN");
        await server.ExecuteAsync("CREATE DATABASE others");
        await server.ExecuteAsync("REVOKE CREATE ON SCHEMA public FROM PUBLIC", "others");

        var refused = await RefusalAsync(server.UrlOf("others", "guest"));

        Assert.StartsWith("AG7018", refused, StringComparison.Ordinal);
        Assert.Contains("DATABASE_OWNER_URL", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_owner_migrates_for_servers_that_own_nothing()
    {
        await (await PostgresTestDatabase.CreateAsync()).DisposeAsync();
        var server = await LoopbackServers.PostgresAsync();
        await server.ExecuteAsync("CREATE ROLE owner LOGIN CREATEROLE; CREATE ROLE server LOGIN; GRANT agentgate_tenant, agentgate_system TO owner WITH ADMIN OPTION");
        await server.ExecuteAsync("CREATE DATABASE shared OWNER owner");
        var (url, owner) = (PostgresUrl.Read("DATABASE_URL", server.UrlOf("shared", "server")), PostgresUrl.Read("DATABASE_OWNER_URL", server.UrlOf("shared", "owner")));

        await using (var alone = new PostgresDatabase(url))
        {
            Assert.StartsWith("AG7015", (await Assert.ThrowsAsync<InvalidOperationException>(() => new PostgresStorageInitializer(alone, migrate: false).InitializeAsync(Stop))).Message, StringComparison.Ordinal);
        }

        await using var both = new PostgresDatabase(url, owner);
        Assert.NotEmpty(await new PostgresStorageInitializer(both).MigrateAsync(Stop));
        Assert.Empty(await new PostgresStorageInitializer(both).MigrateAsync(Stop));

        // From here on the owner's login is not needed.
        await using var database = new PostgresDatabase(url);
        await new PostgresStorageInitializer(database, migrate: false).InitializeAsync(Stop);
        Assert.Equal(0L, await ScalarAsync(database.System, "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND pg_has_role('server', relowner, 'USAGE')"));
        Assert.Equal(0L, await ScalarAsync(database.System, "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND pg_has_role(current_user, relowner, 'USAGE')"));
        await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(database.Tenants, "SELECT count(*) FROM server_keys"));
    }

    [Theory]
    [InlineData("other", 5432, "shared")]
    [InlineData("db", 5433, "shared")]
    [InlineData("db", 5432, "others")]
    public void An_owner_of_another_database_is_refused_before_anything_is_migrated(string host, int port, string name)
    {
        var url = PostgresUrl.Read("DATABASE_URL", $"postgresql://server:{Escaped}@db:5432/shared");
        var owner = PostgresUrl.Read("DATABASE_OWNER_URL", FormattableString.Invariant($"postgresql://owner:{Escaped}@{host}:{port}/{name}"));

        var refused = Assert.Throws<InvalidOperationException>(() => new PostgresDatabase(url, owner));

        Assert.StartsWith("AG7010: DATABASE_URL and DATABASE_OWNER_URL", refused.Message, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"{host}:{port}/{name}"), refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Escaped, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_connection_string_says_of_pooling_leaves_no_tenant_on_a_connection()
    {
        await using var test = await PostgresTestDatabase.CreateAsync();
        var url = new NpgsqlConnectionStringBuilder(PostgresUrl.Read("DATABASE_URL", test.Url).ConnectionString) { NoResetOnClose = true, Multiplexing = true, MaxPoolSize = 1 };
        await using var database = new PostgresDatabase(PostgresUrl.Read("DATABASE_URL", url.ConnectionString));
        await using (var connection = await database.OpenAsync("a", Stop))
        {
            await using var command = new NpgsqlCommand("SELECT current_setting('agentgate.tenant')", connection);
            Assert.Equal("a", await command.ExecuteScalarAsync(Stop));
        }

        Assert.Equal("", await ScalarAsync(database.Tenants, "SELECT COALESCE(current_setting('agentgate.tenant', true), '')"));
    }

    [Theory]
    [InlineData("postgresql://user:12?secret@host/db")]
    [InlineData("postgresql://user:12?a=b&secret@host/db")]
    [InlineData("postgresql://user:12?sslmode=secret@host/db")]
    [InlineData("postgresql://user:12/secret@host/db")]
    [InlineData("postgresql://user:12#secret@host/db")]
    [InlineData("postgresql://user:p@host/db?secret%20of=1")]
    [InlineData("postgresql://user:p@host/db?sslmode=secret")]
    public void No_part_of_a_password_is_said_where_a_character_in_it_was_not_escaped(string url)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => PostgresUrl.Read("DATABASE_URL", url));

        Assert.Contains("DATABASE_URL", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redis://:12?secret@host/0")]
    [InlineData("redis://:12/secret@host/0")]
    [InlineData("redis://:12#secret@host/0")]
    [InlineData("redis://:p@host/0?secret%20of=1")]
    public void Nor_of_the_password_of_Redis(string url)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => RedisUrl.Read("REDIS_URL", url));

        Assert.Contains("REDIS_URL", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrations_that_are_pending_stop_a_server_that_must_not_migrate()
    {
        await using var test = await PostgresTestDatabase.CreateAsync();
        await ScalarAsync(test.Database.Owner, "DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" LIKE '%ServerKeys'");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => new PostgresStorageInitializer(test.Database, migrate: false).InitializeAsync(Stop));

        Assert.StartsWith("AG7014", refused.Message, StringComparison.Ordinal);
        Assert.Contains("agentgate db migrate", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_database_of_a_newer_program_is_left_alone(bool migrate)
    {
        await using var test = await PostgresTestDatabase.CreateAsync();
        await ScalarAsync(test.Database.Owner, "INSERT INTO \"__EFMigrationsHistory\" VALUES ('20991231235959_Later', '99')");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => new PostgresStorageInitializer(test.Database, migrate).InitializeAsync(Stop));

        Assert.StartsWith("AG7013", refused.Message, StringComparison.Ordinal);
        Assert.Contains("20991231235959_Later", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eight_servers_that_start_at_once_migrate_once()
    {
        var url = await (await LoopbackServers.PostgresAsync()).CreateDatabaseAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var database = new PostgresDatabase(PostgresUrl.Read("DATABASE_URL", url));
            await new PostgresStorageInitializer(database).InitializeAsync(Stop);
        }));
    }

    [Fact]
    public async Task The_servers_keys_are_the_first_ones_that_were_claimed()
    {
        await using var test = await PostgresTestDatabase.CreateAsync();
        var record = new ServerKeyRecord(test.Database);

        Assert.Equal("one", await record.ClaimAsync("chain", "one", Stop));
        Assert.Equal("one", await record.ClaimAsync("chain", "two", Stop));
        await record.ReplaceAsync("chain", "other", "two", Stop);
        Assert.Equal("one", await record.ClaimAsync("chain", "two", Stop));
        await record.ReplaceAsync("chain", "one", "two", Stop);
        Assert.Equal("two", await record.ClaimAsync("chain", "one", Stop));
    }

    [Fact]
    public async Task What_needs_all_servers_stopped_and_servers_keep_each_other_out_also_after_a_lost_connection()
    {
        await using var test = await PostgresTestDatabase.CreateAsync();
        await using var first = new ServerPresence(test.Database);
        await using var second = new ServerPresence(test.Database);
        await first.AnnounceAsync(Stop);
        await second.AnnounceAsync(Stop);
        Assert.StartsWith("AG7020", (await Assert.ThrowsAsync<InvalidOperationException>(() => second.ExcludeAsync(Stop))).Message, StringComparison.Ordinal);

        await ScalarAsync(test.Database.Owner, "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()");
        await using (await new ServerPresence(test.Database).ExcludeAsync(Stop))
        {
            Assert.StartsWith("AG7020", (await Assert.ThrowsAsync<InvalidOperationException>(() => first.AnnounceAsync(Stop))).Message, StringComparison.Ordinal);
        }

        await first.AnnounceAsync(Stop);
        Assert.StartsWith("AG7020", (await Assert.ThrowsAsync<InvalidOperationException>(() => second.ExcludeAsync(Stop))).Message, StringComparison.Ordinal);
    }

    private static string Escaped => Uri.EscapeDataString(Password);

    private static async Task<string> RefusalAsync(string url)
    {
        await using var database = new PostgresDatabase(PostgresUrl.Read("DATABASE_URL", url));
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => new PostgresStorageInitializer(database).InitializeAsync(Stop));
        Assert.DoesNotContain(Password, refused.ToString(), StringComparison.Ordinal);
        return refused.Message;
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Stop);
    }
}
