using System.Globalization;
using AgentGate.Loopback;
using AgentGate.Storage.Audit;
using AgentGate.Storage.Cluster;
using AgentGate.Storage.Cluster.Connections;
using AgentGate.Storage.Cluster.Copying;
using AgentGate.Storage.Tests.Audit;
using Npgsql;
using NpgsqlTypes;

namespace AgentGate.Storage.Tests.Cluster;

/// <summary>An embedded server's file in PostgreSQL: everything, equal, verified, or nothing at all. <c>AGENTGATE_COPY_ENTRIES</c> makes the log longer.</summary>
public sealed class DatabaseCopyTests(ITestOutputHelper output)
{
    private static readonly HashSet<string> s_logs = ["log_entries", "log_heads", "log_tiles", "log_open_intents", "certificates", "evidence", "knowledge", "subject_keys"];

    private static int Entries { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("AGENTGATE_COPY_ENTRIES"), NumberStyles.None, CultureInfo.InvariantCulture, out var entries) && entries > 0 ? entries : 700;

    [Fact]
    public async Task Every_table_of_the_file_is_copied()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        using var connection = LogFsck.Open(database.Database.Path);

        var tables = new SortedSet<string>(StringComparer.Ordinal);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '__EF%'";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            tables.Add(reader.GetString(0));
        }

        Assert.Equal(tables, CopyPlan.Tables().Select(table => table.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_file_comes_over_whole_and_the_log_goes_on_where_it_ended()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var bench = await new SqliteRecorderBench(database).FilledAsync(Entries);
        await bench.Publisher.PublishAsync("a", default);
        Fill(database);
        await using var target = await EmptyAsync();

        var report = await new DatabaseCopy(database.Database.Path, target, bench.Material(), _ => { }).RunAsync(TestContext.Current.CancellationToken);

        output.WriteLine(FormattableString.Invariant(
            $"{report.Total:N0} rows copied in {report.Copied.TotalSeconds:N1} s, compared in {report.Compared.TotalSeconds:N1} s, {report.Logs.Entries:N0} entries verified in {report.Verified.TotalSeconds:N1} s"));
        Assert.Empty(report.Logs.Findings);
        Assert.Empty(report.Logs.Notes);
        Assert.Equal(Entries, report.Logs.Entries);
        Assert.All(report.Rows, table => Assert.True(table.Rows > 0 || s_logs.Contains(table.Table), $"{table.Table} was empty: the test says nothing about it"));

        // Numbers go on after the copied ones, and row-level security is forced again.
        await using var connection = await target.OpenAsync("a", TestContext.Current.CancellationToken);
        Assert.True((long)(await ScalarAsync(connection, "INSERT INTO traces (tenant, call_id, started_at, status, decision, action, resource, principal, door, body) VALUES ('a','c',1,'s','d','a','r','p','d','{}') RETURNING id"))! > 1);
        await using var nobody = await target.Tenants.OpenConnectionAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0L, await ScalarAsync(nobody, "SELECT count(*) FROM log_entries"));
        await using var owner = await target.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0L, await ScalarAsync(owner, "SELECT count(*) FROM pg_class c JOIN information_schema.columns i ON i.table_name = c.relname AND i.column_name = 'tenant' WHERE c.relkind = 'r' AND i.table_schema = 'public' AND NOT c.relforcerowsecurity"));
    }

    [Fact]
    public async Task A_database_that_holds_rows_is_refused_and_left_alone()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var target = await EmptyAsync();
        Fill(database);
        await new DatabaseCopy(database.Database.Path, target, new FsckMaterial(), _ => { }).RunAsync(TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => new DatabaseCopy(database.Database.Path, target, new FsckMaterial(), _ => { }).RunAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("AG7021", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INSERT INTO server_keys VALUES ('chain', 'k')")]
    [InlineData("INSERT INTO log_instances VALUES ('i', now(), now(), now(), '1s', 'c', 's', 'n')")]
    [InlineData("INSERT INTO log_checkpoints (tenant) VALUES ('a')")]
    [InlineData("INSERT INTO budget_balances VALUES ('a', 'r', 's', 0)")]
    [InlineData("INSERT INTO budget_reservations (id, tenant, rule, subject, window_start, amount, lease_ends, owner, call_tenant) VALUES (gen_random_uuid(), 'a', 'r', 's', 0, 1, now(), 'o', 'a')")]
    [InlineData("INSERT INTO limit_epochs VALUES ('p', 'e')")]
    [InlineData("INSERT INTO limit_seats (prefix, seat, owner, lease_ends, sharing) VALUES ('p', 0, 'o', now(), 's')")]
    public async Task A_database_that_servers_worked_on_is_refused(string work)
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        Fill(database);
        await using var target = await EmptyAsync();
        await new PostgresStorageInitializer(target).MigrateAsync(TestContext.Current.CancellationToken);
        await using (var server = await target.OpenSystemAsync(TestContext.Current.CancellationToken))
        {
            await ScalarAsync(server, work);
        }

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => new DatabaseCopy(database.Database.Path, target, new FsckMaterial(), _ => { }).RunAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("AG7021", refused.Message, StringComparison.Ordinal);
        Assert.Contains("CREATE DATABASE", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_table_of_the_cluster_is_copied_or_must_be_empty_or_is_of_migrations()
    {
        await using var test = await PostgresTestDatabase.CreateAsync();
        await using var command = test.Database.Owner.CreateCommand("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var tables = new SortedSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            tables.Add(reader.GetString(0));
        }

        Assert.Equal(tables, CopyPlan.Tables().Select(table => table.Name).Concat(CopyPlan.OfServers).Concat(CopyPlan.OfMigrations).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("UPDATE log_entries SET entry = replace(entry, '\"kind\":\"admin\"', '\"kind\":\"held\"') WHERE seq = 5", "entry 5")]
    [InlineData("DELETE FROM log_entries WHERE seq = 9", "entry 9")]
    [InlineData("DELETE FROM log_entries WHERE seq > 8; UPDATE log_heads SET seq = 8, hash = (SELECT hash FROM log_entries WHERE seq = 8)", "entry 9")]
    public async Task A_log_that_does_not_verify_is_not_kept(string tampering, string named)
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var bench = await new SqliteRecorderBench(database).FilledAsync(20);
        await bench.Publisher.PublishAsync("a", default);
        database.Execute(tampering);
        await using var target = await EmptyAsync();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => new DatabaseCopy(database.Database.Path, target, bench.Material(), _ => { }).RunAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("AG7022", refused.Message, StringComparison.Ordinal);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        await using var connection = await target.OpenSystemAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0L, await ScalarAsync(connection, "SELECT count(*) FROM log_entries"));
    }

    [Fact]
    public async Task What_PostgreSQL_cannot_hold_is_named_and_nothing_is_kept()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        Fill(database);
        database.Execute("UPDATE policy_versions SET text = 'a' || char(0) || 'b'");
        await using var target = await EmptyAsync();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => new DatabaseCopy(database.Database.Path, target, new FsckMaterial(), _ => { }).RunAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("AG7022", refused.Message, StringComparison.Ordinal);
        Assert.Contains("policy_versions", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beside_running_servers_nothing_is_copied()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var target = await EmptyAsync();
        await using var server = new ServerPresence(target);
        await server.AnnounceAsync(TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => new DatabaseCopy(database.Database.Path, target, new FsckMaterial(), _ => { }).RunAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("AG7020", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE FROM __EFMigrationsHistory WHERE MigrationId LIKE '%Proofs'", "older")]
    [InlineData("INSERT INTO __EFMigrationsHistory VALUES ('20991231235959_Later', '99')", "newer")]
    public async Task A_file_of_another_version_is_refused(string change, string named)
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        database.Execute(change);
        await using var target = await EmptyAsync();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => new DatabaseCopy(database.Database.Path, target, new FsckMaterial(), _ => { }).RunAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("AG7021", refused.Message, StringComparison.Ordinal);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    private static async Task<PostgresDatabase> EmptyAsync()
        => new(PostgresUrl.Read("DATABASE_URL", await (await LoopbackServers.PostgresAsync()).CreateDatabaseAsync()));

    /// <summary>Two rows in every table that is no part of the log, with every column set and text that is easily damaged.</summary>
    private static void Fill(TemporaryDatabase database)
    {
        using var connection = database.Database.Open();
        foreach (var table in CopyPlan.Tables().Where(table => !s_logs.Contains(table.Name)))
        {
            for (var row = 1; row <= 2; row++)
            {
                using var command = connection.CreateCommand();
                command.CommandText = $"INSERT INTO \"{table.Name}\" ({string.Join(", ", table.Columns.Select(column => $"\"{column.Name}\""))}) VALUES ({string.Join(", ", table.Columns.Select((_, i) => "$" + i))})";
                for (var i = 0; i < table.Columns.Count; i++)
                {
                    command.Parameters.AddWithValue("$" + i, Value(table.Columns[i], row));
                }

                command.ExecuteNonQuery();
            }
        }
    }

    private static object Value(CopiedColumn column, int row) => column.Type switch
    {
        // Keys point to each other by the same text in every table.
        NpgsqlDbType.Text => column.Name is "status" ? "draft" : string.Create(CultureInfo.InvariantCulture, $"é\ud83d\ude00\\\"'\t\r\n{(column.Name.EndsWith("_id", StringComparison.Ordinal) || column.Name == "id" ? "" : column.Name)}{row}"),
        NpgsqlDbType.Bytea => new byte[] { 0, 255, (byte)row },
        NpgsqlDbType.Bigint => row == 1 ? long.MaxValue - 1_000_000 : row,
        NpgsqlDbType.Integer => row,
        _ => row == 1,
    };

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
