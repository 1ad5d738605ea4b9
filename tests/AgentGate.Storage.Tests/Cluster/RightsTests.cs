using AgentGate.Loopback;
using AgentGate.Storage.Cluster;
using AgentGate.Storage.Cluster.Connections;
using Npgsql;

namespace AgentGate.Storage.Tests.Cluster;

/// <summary>Rights and row-level security, made at each start: what is right already is left alone, what is not is put right, beside servers at work.</summary>
public sealed class RightsTests
{
    /// <summary>Everything that keeps tenants apart, as text.</summary>
    private const string Form =
        """
        SELECT string_agg(line, E'\n' ORDER BY line) FROM (
            SELECT format('%s %s %s', relname, relrowsecurity, relforcerowsecurity) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
            UNION ALL SELECT p::text FROM pg_policies p
            UNION ALL SELECT format('%s %s %s', table_name, grantee, privilege_type) FROM information_schema.role_table_grants
                WHERE table_schema = 'public' AND grantee IN ('agentgate_tenant', 'agentgate_system')) t (line)
        """;

    private const string Policies = "SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_policy";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_start_makes_no_policy_again_and_waits_for_nobody_who_reads_a_table()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        var before = await ScalarAsync(database, Policies);
        await using var reader = await database.Database.Owner.OpenConnectionAsync(Stop);
        await using var transaction = await reader.BeginTransactionAsync(Stop);
        await using (var command = new NpgsqlCommand(
            """
            DO $$ DECLARE name text; BEGIN
                FOR name IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
                    EXECUTE format('LOCK TABLE %I IN ACCESS SHARE MODE', name);
                END LOOP;
            END $$
            """,
            reader))
        {
            await command.ExecuteNonQueryAsync(Stop);
        }

        // Had it to wait for one table, it would give up after 2 seconds, 20 times over.
        await new PostgresStorageInitializer(database.Database).InitializeAsync(Stop).WaitAsync(TimeSpan.FromSeconds(30), Stop);

        Assert.Equal(before, await ScalarAsync(database, Policies));
    }

    [Theory]
    [InlineData("ALTER TABLE traces DISABLE ROW LEVEL SECURITY")]
    [InlineData("ALTER TABLE traces NO FORCE ROW LEVEL SECURITY")]
    [InlineData("ALTER POLICY tenant_rows ON traces USING (true)")]
    [InlineData("ALTER POLICY tenant_rows ON traces WITH CHECK (true)")]
    [InlineData("ALTER POLICY tenant_rows ON traces USING (tenant = current_setting('agentgate.tenant', true) OR tenant = 'b')")]
    [InlineData("ALTER POLICY all_rows ON traces TO PUBLIC")]
    [InlineData("ALTER POLICY all_rows ON traces TO agentgate_system, agentgate_tenant")]
    [InlineData("ALTER POLICY tenant_rows ON traces RENAME TO other_rows")]
    [InlineData("CREATE POLICY third ON traces TO agentgate_tenant USING (true)")]
    [InlineData("DROP POLICY all_rows ON traces")]
    [InlineData("DROP POLICY tenant_rows ON traces; CREATE POLICY tenant_rows ON traces FOR SELECT TO agentgate_tenant USING (tenant = current_setting('agentgate.tenant', true))")]
    [InlineData("GRANT UPDATE ON log_entries TO agentgate_tenant")]
    [InlineData("GRANT DELETE ON log_heads TO agentgate_system")]
    [InlineData("GRANT SELECT ON server_keys TO agentgate_tenant")]
    [InlineData("REVOKE SELECT ON traces FROM agentgate_tenant")]
    public async Task What_somebody_changed_by_hand_is_right_again_after_the_next_start(string sql)
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        var before = await ScalarAsync(database, Form);
        await ScalarAsync(database, sql);
        Assert.NotEqual(before, await ScalarAsync(database, Form));

        await new PostgresStorageInitializer(database.Database).InitializeAsync(Stop);

        Assert.Equal(before, await ScalarAsync(database, Form));
    }

    [Fact]
    public async Task A_start_that_meets_a_lock_tries_again_until_it_is_gone()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        var before = await ScalarAsync(database, Form);
        await ScalarAsync(database, "ALTER TABLE traces DISABLE ROW LEVEL SECURITY");
        await using var holder = await database.Database.Owner.OpenConnectionAsync(Stop);
        await using var transaction = await holder.BeginTransactionAsync(Stop);
        await using (var command = new NpgsqlCommand("LOCK TABLE traces IN ACCESS SHARE MODE", holder))
        {
            await command.ExecuteNonQueryAsync(Stop);
        }

        await using var other = database.Another();
        var start = new PostgresStorageInitializer(other).InitializeAsync(Stop);

        // A second transaction that waits says that the first gave up, so that others could go on.
        var attempts = new HashSet<string>();
        for (var patience = DateTime.UtcNow.AddSeconds(60); attempts.Count < 2 && !start.IsCompleted && DateTime.UtcNow < patience; await Task.Delay(50, Stop))
        {
            if (await ScalarAsync(
                database,
                "SELECT xact_start::text FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()") is string waiting)
            {
                attempts.Add(waiting);
            }
        }

        Assert.Equal(2, attempts.Count);
        await transaction.RollbackAsync(Stop);
        await start;
        Assert.Equal(before, await ScalarAsync(database, Form));
    }

    [Fact]
    public async Task Several_servers_that_start_at_once_on_an_empty_database_all_start()
    {
        await using var made = await PostgresTestDatabase.CreateAsync();
        var url = await (await LoopbackServers.PostgresAsync()).CreateDatabaseAsync();
        var servers = Enumerable.Range(0, 4).Select(_ => new PostgresDatabase(PostgresUrl.Read("DATABASE_URL", url))).ToList();

        await Task.WhenAll(servers.Select(server => Task.Run(() => new PostgresStorageInitializer(server).InitializeAsync(Stop), Stop)));

        await using var command = servers[0].Owner.CreateCommand(Form);
        Assert.Equal(await ScalarAsync(made, Form), await command.ExecuteScalarAsync(Stop));
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }

    private static async Task<object?> ScalarAsync(PostgresTestDatabase database, string sql)
    {
        await using var command = database.Database.Owner.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Stop);
    }
}
