using AgentGate.Audit;
using AgentGate.Kernel.Transparency;
using AgentGate.Loopback;
using Npgsql;

namespace AgentGate.Storage.Tests.Audit;

/// <summary>One tenant's log that the store refuses, among others, over real databases.</summary>
public sealed class RefusedTenantTests : IDisposable
{
    private const int Callers = 64;

    private readonly EphemeralSigningKeys _signing = PostgresRecorderBench.SigningKeys();

    public void Dispose() => _signing.Dispose();

    [Theory]
    [InlineData(AuditDurability.Commit)]
    [InlineData(AuditDurability.Write)]
    public async Task A_row_that_PostgreSQL_refuses_refuses_one_tenant_and_no_other(AuditDurability durability)
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var one = await PostgresRecorderBench.StartAsync(database, _signing, Options(durability));
        await one.AppendAsync(tenant: "bad");
        await ExecuteAsync(
            database,
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'foreign_key_violation'; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON log_entries FOR EACH ROW WHEN (NEW.tenant = 'bad') EXECUTE FUNCTION refuse();
            """);

        await RefusesBadAloneAsync(tenant => one.AppendAsync(tenant: tenant), one.ReadAsync, "23503");
        await ExecuteAsync(database, "DROP TRIGGER refuse ON log_entries");
        await IsWholeAsync(one);
    }

    [Fact]
    public async Task A_log_that_became_another_refuses_one_tenant_and_no_other()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var one = await PostgresRecorderBench.StartAsync(database, _signing, Options(AuditDurability.Commit));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => one.AppendAsync(tenant: "bad")));
        await ExecuteAsync(database, "UPDATE log_heads SET hash = decode(repeat('11', 32), 'hex') WHERE tenant = 'bad'");

        await RefusesBadAloneAsync(tenant => one.AppendAsync(tenant: tenant), one.ReadAsync, "AG4054", former: 5);
        await ExecuteAsync(database, "UPDATE log_heads h SET hash = (SELECT hash FROM log_entries e WHERE e.tenant = 'bad' AND e.seq = 5) WHERE tenant = 'bad'");
        await IsWholeAsync(one);
    }

    [Theory]
    [InlineData(AuditDurability.Commit)]
    [InlineData(AuditDurability.Write)]
    public async Task A_log_that_became_shorter_refuses_one_tenant_and_where_it_may_it_goes_on(AuditDurability durability)
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var one = await PostgresRecorderBench.StartAsync(database, _signing, Options(durability));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => one.AppendAsync(tenant: "bad")));
        await ExecuteAsync(
            database,
            "DELETE FROM log_entries WHERE tenant = 'bad' AND seq > 3; UPDATE log_heads SET seq = 3, hash = (SELECT hash FROM log_entries WHERE tenant = 'bad' AND seq = 3) WHERE tenant = 'bad'");

        if (durability == AuditDurability.Commit)
        {
            await RefusesBadAloneAsync(tenant => one.AppendAsync(tenant: tenant), one.ReadAsync, "AG4053", former: 3);
            return;
        }

        Assert.Contains("AG4053", (await Assert.ThrowsAsync<AuditUnavailableException>(() => one.AppendAsync(tenant: "bad"))).InnerException!.Message, StringComparison.Ordinal);
        await one.AppendAsync(tenant: "bad");
        await IsWholeAsync(one);
    }

    [Fact]
    public async Task A_log_that_somebody_keeps_locked_refuses_one_tenant_and_no_other()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var one = await PostgresRecorderBench.StartAsync(database, _signing, Options(AuditDurability.Commit));
        await one.AppendAsync(tenant: "bad");
        await using var holder = await database.Database.Owner.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("SET LOCAL idle_in_transaction_session_timeout = 0; SELECT FROM log_heads WHERE tenant = 'bad' FOR UPDATE", holder))
        {
            await command.ExecuteNonQueryAsync();
        }

        await RefusesBadAloneAsync(tenant => one.AppendAsync(tenant: tenant), one.ReadAsync, "55P03", callers: 8);
        await transaction.RollbackAsync();
        await IsWholeAsync(one);
    }

    [Theory]
    [InlineData(AuditDurability.Commit)]
    [InlineData(AuditDurability.Write)]
    public async Task A_row_that_SQLite_refuses_refuses_one_tenant_and_no_other(AuditDurability durability)
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var bench = await new SqliteRecorderBench(database, durability, signing: _signing).FilledAsync(1);
        await bench.AppendAsync(tenant: "bad");
        database.Execute("CREATE TRIGGER refuse BEFORE INSERT ON log_entries WHEN NEW.tenant = 'bad' BEGIN SELECT RAISE(ABORT, 'no'); END");

        await RefusesBadAloneAsync(tenant => bench.AppendAsync(tenant: tenant), bench.ReadAsync, "no");
        database.Execute("DROP TRIGGER refuse");
        await bench.AppendAsync(tenant: "bad");
        foreach (var tenant in new[] { "good", "bad" })
        {
            var root = MerkleTree.RootOf([.. (await bench.Log.ReadChainAsync(tenant, 1, null, default).ToListAsync()).Select(e => MerkleHash.Leaf(e.Canonical.Span))]);
            Assert.True((await bench.VerifyAsync(tenant)).Valid);
            Assert.Equal(root, bench.Trees.HeadOf(tenant)!.Root());
        }
    }

    private static AuditOptions Options(AuditDurability durability) => new() { Durability = durability, InstanceLease = TimeSpan.FromMinutes(10) };

    /// <summary>Callers of two tenants at once: each entry of the one is on record once, and the other's are refused with a reason.</summary>
    private static async Task RefusesBadAloneAsync(
        Func<string, Task<string>> append, Func<string, Task<LogEntryBody[]>> read, string because, int former = 1, int callers = Callers)
    {
        var good = new List<Task<string>>();
        var bad = new List<Task<string>>();
        for (var i = 0; i < callers; i++)
        {
            good.Add(append("good"));
            bad.Add(append("bad"));
        }

        var acknowledged = await Task.WhenAll(good);
        foreach (var refused in bad)
        {
            Assert.Contains(because, (await Assert.ThrowsAsync<AuditUnavailableException>(() => refused)).InnerException!.Message, StringComparison.Ordinal);
        }

        Assert.Equal(acknowledged.Order(), (await read("good")).Select(entry => entry.Id).Order());
        Assert.Equal(former, (await read("bad")).Length);
    }

    private static async Task IsWholeAsync(PostgresRecorderBench one)
    {
        foreach (var tenant in new[] { "good", "bad" })
        {
            await one.AppendAsync(tenant: tenant);
            var entries = await one.ReadAsync(tenant);
            Assert.True((await one.VerifyAsync(tenant)).Valid);
            Assert.Equal(entries.Length, entries.DistinctBy(entry => entry.Id).Count());
            Assert.Equal(await one.RootAsync(tenant), one.Trees.HeadOf(tenant)!.Root());
        }

        Assert.Null(one.Recorder.Remark);
    }

    private static async Task ExecuteAsync(PostgresTestDatabase database, string sql)
    {
        await using var connection = await database.Database.Owner.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
