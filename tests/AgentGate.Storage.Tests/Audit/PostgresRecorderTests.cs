using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using AgentGate.Audit;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Loopback;
using AgentGate.Pipeline;
using Npgsql;

namespace AgentGate.Storage.Tests.Audit;

/// <summary>Several processes over one database.</summary>
public sealed class PostgresRecorderTests : IDisposable
{
    private readonly EphemeralSigningKeys _signing = PostgresRecorderBench.SigningKeys();

    public void Dispose() => _signing.Dispose();

    [Theory]
    [InlineData(AuditDurability.Commit, "commit")]
    [InlineData(AuditDurability.Write, "write")]
    public async Task Sixty_four_callers_of_two_processes_leave_whole_logs_and_seals_that_verify(AuditDurability durability, string word)
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        var options = new AuditOptions { Durability = durability, InstanceLease = TimeSpan.FromMinutes(10) };
        await using var one = await PostgresRecorderBench.StartAsync(database, _signing, options);
        await using var two = await PostgresRecorderBench.StartAsync(database, _signing, options);
        var seals = new ConcurrentBag<(CertificateDraft Draft, string Tenant, CertificateSeal Seal)>();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(caller => Task.Run(async () =>
        {
            var process = caller % 2 == 0 ? one : two;
            for (var i = 0; i < 10; i++)
            {
                var (tenant, record) = (caller % 3 == 0 ? "b" : "a", Certified($"d-{caller}-{i}", caller % 3 == 0 ? "b" : "a"));
                seals.Add((record.Certificate!, tenant, (await process.Recorder.AppendAsync(record, default))!));
            }
        })));

        foreach (var tenant in new[] { "a", "b" })
        {
            var stored = await one.ReadAsync(tenant);
            var own = seals.Where(seal => seal.Tenant == tenant).ToList();
            Assert.Equal(own.Count, stored.Length);
            Assert.Equal(Enumerable.Range(0, own.Count).Select(i => (long)i), own.Select(seal => seal.Seal.LogIndex).Order());
            Assert.All(own, seal => Assert.Equal(seal.Draft.DecisionId, stored[seal.Seal.LogIndex].DecisionId));
            Assert.All(own, seal => Assert.True(CertificateBatch.Verify(seal.Draft.Body.Span, seal.Seal, _signing.Current.PublicKey)));
            Assert.All(stored, entry => Assert.Equal(word, entry.Durability));
            foreach (var process in new[] { one, two })
            {
                var result = await process.VerifyAsync(tenant);
                Assert.Equal((true, own.Count), (result.Valid, (int)result.Checked));
            }

            foreach (var process in new[] { one, two })
            {
                await process.AppendAsync(tenant: tenant);
                Assert.Equal(await process.RootAsync(tenant), process.Trees.HeadOf(tenant)!.Root());
            }

            // What the next start would take over from the tiles is the same tree.
            await using var three = await PostgresRecorderBench.StartAsync(database, _signing, options);
            Assert.Equal(await one.RootAsync(tenant), three.Trees.HeadOf(tenant)!.Root());
        }
    }

    [Fact]
    public async Task A_process_that_is_far_behind_takes_the_tree_from_its_tiles()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var one = await PostgresRecorderBench.StartAsync(database, _signing);
        await using var two = await PostgresRecorderBench.StartAsync(database, _signing);
        await two.AppendAsync();
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(_ => one.AppendAsync()));

        await two.AppendAsync();

        Assert.Equal(2002, two.Trees.HeadOf("a")!.Size);
        Assert.Equal(await two.RootAsync(), two.Trees.HeadOf("a")!.Root());
        Assert.True((await two.VerifyAsync()).Valid);
    }

    [Fact]
    public async Task A_connection_that_is_cut_under_load_loses_nothing_that_was_acknowledged_and_the_log_goes_on()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var one = await PostgresRecorderBench.StartAsync(database, _signing);
        await using var two = await PostgresRecorderBench.StartAsync(database, _signing);
        var server = await LoopbackServers.PostgresAsync();
        var acknowledged = new ConcurrentBag<string>();
        var failures = 0;
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    acknowledged.Add(await (caller % 2 == 0 ? one : two).AppendAsync());
                }
                catch (AuditUnavailableException)
                {
                    Interlocked.Increment(ref failures);
                }
            }
        })).ToArray();

        for (var cut = 0; cut < 8; cut++)
        {
            var reached = acknowledged.Count + 50;
            await UntilAsync(() => Task.FromResult(acknowledged.Count >= reached));
            await server.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{new Uri(database.Url).AbsolutePath.Trim('/')}' AND application_name = 'agentgate'");
        }

        await UntilAsync(() => Task.FromResult(one.Recorder.IsWritable && two.Recorder.IsWritable));
        await stop.CancelAsync();
        await Task.WhenAll(callers);

        Assert.True(failures > 0);
        var stored = await one.ReadAsync();
        Assert.Empty(acknowledged.Except(stored.Select(entry => entry.Id)));
        Assert.Equal(stored.Length, stored.DistinctBy(entry => entry.Id).Count());
        Assert.True((await one.VerifyAsync()).Valid);
        Assert.True((await two.VerifyAsync()).Valid);
        await one.AppendAsync();
        Assert.Equal(await one.RootAsync(), one.Trees.HeadOf("a")!.Root());
    }

    [Fact]
    public async Task A_database_killed_and_started_again_under_load_loses_nothing_and_the_processes_go_on_by_themselves()
    {
        await using var server = await PostgresServer.StartAsync();
        var url = await server.CreateDatabaseAsync();
        await using var one = await StartOnAsync(url, migrate: true);
        await using var two = await StartOnAsync(url, migrate: false);
        var acknowledged = new ConcurrentBag<string>();
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    acknowledged.Add(await (caller % 2 == 0 ? one : two).AppendAsync());
                }
                catch (AuditUnavailableException)
                {
                    await Task.Delay(20);
                }
            }
        })).ToArray();

        for (var kill = 0; kill < 2; kill++)
        {
            var reached = acknowledged.Count + 200;
            await UntilAsync(() => Task.FromResult(acknowledged.Count >= reached));
            await server.KillAsync();
            await UntilAsync(() => Task.FromResult(!one.Recorder.IsWritable && !two.Recorder.IsWritable));
            await server.StartAgainAsync();
        }

        await UntilAsync(() => Task.FromResult(one.Recorder.IsWritable && two.Recorder.IsWritable));
        await stop.CancelAsync();
        await Task.WhenAll(callers);

        Assert.Empty(acknowledged.Except((await one.ReadAsync()).Select(entry => entry.Id)));
        Assert.True((await one.VerifyAsync()).Valid);
        Assert.Equal(await one.RootAsync(), (await two.ReadAsync()).Length == 0 ? [] : await two.RootAsync());
        Assert.False(await one.Log.RenewAsync(default));
    }

    [Fact]
    public async Task A_process_that_holds_the_lock_and_says_nothing_more_keeps_the_others_for_seconds_only()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var hung = await PostgresRecorderBench.StartAsync(database, _signing);
        await using var other = await PostgresRecorderBench.StartAsync(database, _signing);
        await hung.AppendAsync();
        var held = await hung.Log.BeginAsync([new LogPosition("a", 1)], [], default);

        await other.AppendAsync();

        await Assert.ThrowsAnyAsync<Exception>(async () => await held.CommitAsync(new AuditBatch(), default));
        await held.DisposeAsync();
        await hung.AppendAsync();
        Assert.Equal(3, (await other.ReadAsync()).Length);
        Assert.True((await hung.VerifyAsync()).Valid);
    }

    [Fact]
    public async Task The_calls_of_a_process_that_vanished_are_closed_once_by_the_others_and_a_late_outcome_makes_no_second()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var one = await PostgresRecorderBench.StartAsync(database, _signing);
        await using var two = await PostgresRecorderBench.StartAsync(database, _signing);
        await using var slow = await PostgresRecorderBench.StartAsync(database, _signing, new AuditOptions { InstanceLease = TimeSpan.FromSeconds(1) });
        await one.AppendAsync(EntryKind.Intent, "running");
        await slow.AppendAsync(EntryKind.Intent, "left");
        await slow.AppendAsync(EntryKind.Intent, "left too", "b");
        await UntilAsync(async () => await one.Log.CountOthersAsync(default) == 1);

        await Task.WhenAll(one.Recorder.CloseOpenIntentsAsync(default), two.Recorder.CloseOpenIntentsAsync(default));

        Assert.Equal("running", Assert.Single(await one.Log.ReadOpenIntentsAsync(default)).Body.CallId);
        Assert.Equal(OutcomeKind.Unknown, Assert.Single(await one.ReadAsync(), entry => entry.Kind == EntryKind.Outcome).Outcome);
        Assert.Equal(OutcomeKind.Unknown, Assert.Single(await one.ReadAsync("b"), entry => entry.Kind == EntryKind.Outcome).Outcome);

        // It was only slow: first it learns that it was taken for ended, then that its call is closed.
        await Assert.ThrowsAsync<AuditUnavailableException>(() => slow.AppendAsync(EntryKind.Outcome, "left"));
        Assert.False(slow.Recorder.IsWritable);
        var late = await Assert.ThrowsAsync<AuditUnavailableException>(() => slow.AppendAsync(EntryKind.Outcome, "left"));
        Assert.Equal("AG4052", late.Code);
        await slow.AppendAsync(EntryKind.Intent, "next");
        await slow.AppendAsync(EntryKind.Outcome, "next");
        Assert.True(slow.Recorder.IsWritable);
        Assert.Single(await one.ReadAsync(), entry => entry is { Kind: EntryKind.Outcome, CallId: "left" });
    }

    [Fact]
    public async Task The_start_of_a_process_leaves_the_calls_of_the_others_open_and_its_orderly_end_gives_its_own_to_them_at_once()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var one = await PostgresRecorderBench.StartAsync(database, _signing);
        await one.AppendAsync(EntryKind.Intent, "1");
        await using (var two = await PostgresRecorderBench.StartAsync(database, _signing))
        {
            await two.AppendAsync(EntryKind.Intent, "2");
            Assert.Equal(2, (await one.Log.ReadOpenIntentsAsync(default)).Count);
        }

        await one.Recorder.CloseOpenIntentsAsync(default);

        Assert.Equal("1", Assert.Single(await one.Log.ReadOpenIntentsAsync(default)).Body.CallId);
    }

    [Fact]
    public async Task A_process_with_another_chain_key_does_not_start_beside_others_and_appends_nothing_after_them()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        var other = new LogKey("k2", Enumerable.Repeat((byte)9, 32).ToArray());
        await using (var one = await PostgresRecorderBench.StartAsync(database, _signing))
        {
            await one.AppendAsync();
            Assert.Equal("AG4050", (await Assert.ThrowsAsync<AuditUnavailableException>(() => PostgresRecorderBench.StartAsync(database, _signing, key: other))).Code);
        }

        await using var alone = await PostgresRecorderBench.StartAsync(database, _signing, key: other);
        var refused = await Assert.ThrowsAsync<AuditUnavailableException>(() => alone.AppendAsync());
        Assert.Contains("AG4050", refused.InnerException!.Message, StringComparison.Ordinal);
        Assert.Single(await alone.ReadAsync());
    }

    [Fact]
    public async Task A_log_that_became_another_is_refused_each_time_and_after_its_head_was_read_again()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var one = await PostgresRecorderBench.StartAsync(database, _signing);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => one.AppendAsync()));
        await ExecuteAsync(database, "UPDATE log_heads SET hash = decode(repeat('11', 32), 'hex')");

        // The stored head is not the one this server wrote.
        Assert.Contains("AG4054", await RefusalAsync(one), StringComparison.Ordinal);

        // The refused attempt took nothing of it over.
        Assert.Contains("AG4054", await RefusalAsync(one), StringComparison.Ordinal);
        Assert.Equal(5, one.Recorder.HeadOf("a")!.Seq);

        // Nor does a failure of the store, behind which every head is read again.
        await ExecuteAsync(database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        Assert.DoesNotContain("AG4054", await RefusalAsync(one), StringComparison.Ordinal);
        await UntilAsync(async () => (await RefusalAsync(one)).Contains("AG4054", StringComparison.Ordinal));
        Assert.Equal(5, (await one.ReadAsync()).Length);
    }

    [Fact]
    public async Task Entries_of_others_that_do_not_follow_are_not_built_upon()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var one = await PostgresRecorderBench.StartAsync(database, _signing);
        await one.AppendAsync();
        await one.AppendAsync();
        await ExecuteAsync(
            database,
            "INSERT INTO log_entries SELECT tenant, 3, entry, decode(repeat('22', 32), 'hex') FROM log_entries WHERE seq = 2; UPDATE log_heads SET seq = 3, hash = decode(repeat('22', 32), 'hex')");

        Assert.Contains("AG4054", await RefusalAsync(one), StringComparison.Ordinal);
        Assert.Equal(2, one.Recorder.HeadOf("a")!.Seq);
    }

    [Fact]
    public async Task A_log_that_became_shorter_is_refused_and_once_more_by_a_server_that_has_just_started()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var one = await PostgresRecorderBench.StartAsync(database, _signing);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => one.AppendAsync()));
        await using var two = await PostgresRecorderBench.StartAsync(database, _signing);
        await ExecuteAsync(database, "DELETE FROM log_entries WHERE seq > 3; UPDATE log_heads SET seq = 3, hash = (SELECT hash FROM log_entries WHERE seq = 3)");

        Assert.Contains("AG4053", await RefusalAsync(one), StringComparison.Ordinal);
        Assert.Contains("AG4053", await RefusalAsync(two), StringComparison.Ordinal);

        // Nothing was appended in the place of what is gone.
        Assert.Equal(3, (await one.ReadAsync()).Length);
    }

    [Fact]
    public async Task What_is_on_record_cannot_be_changed_by_either_role()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var one = await PostgresRecorderBench.StartAsync(database, _signing);
        await one.AppendAsync();
        foreach (var sql in new[]
        {
            "UPDATE log_entries SET entry = ''", "DELETE FROM log_entries", "TRUNCATE log_entries", "DELETE FROM log_heads", "DELETE FROM log_tiles",
            "UPDATE certificates SET seal = ''", "DELETE FROM certificates", "DELETE FROM evidence", "DELETE FROM knowledge", "DELETE FROM policy_sets", "DELETE FROM log_checkpoints",
        })
        {
            await using var system = await database.Database.OpenSystemAsync(default);
            await RefusedAsync(system, sql);
            await using var tenant = await database.Database.OpenAsync("a", default);
            await RefusedAsync(tenant, sql);
        }

        await using var of = await database.Database.OpenAsync("a", default);
        await RefusedAsync(of, "UPDATE log_heads SET seq = 0");
        await RefusedAsync(of, "INSERT INTO log_entries VALUES ('a', 9, '', '')");
        await RefusedAsync(of, "SELECT * FROM log_instances");

        static async Task RefusedAsync(NpgsqlConnection connection, string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState);
        }
    }

    internal static DecisionRecord Certified(string id, string tenant)
    {
        var body = Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\"}}");
        var draft = new CertificateDraft(id, body, Convert.ToHexStringLower(SHA256.HashData(body)));
        var entry = new LogEntryBody
        {
            Id = id,
            Kind = EntryKind.Denied,
            At = DateTimeOffset.UnixEpoch,
            Tenant = tenant,
            DecisionId = id,
            CertificateHash = draft.Hash,
        };
        return new DecisionRecord(entry)
        {
            Certificate = draft,
            Evidence = new DecisionEvidence("agent_1", default, null, null, AdmissibilityResult.NotEvaluated, default) { Decision = DecisionKind.Deny },
        };
    }

    internal static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!await holds())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private static async Task<string> RefusalAsync(PostgresRecorderBench process)
        => (await Assert.ThrowsAsync<AuditUnavailableException>(() => process.AppendAsync())).InnerException!.Message;

    private static async Task ExecuteAsync(PostgresTestDatabase database, string sql)
    {
        await using var connection = await database.Database.Owner.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<PostgresRecorderBench> StartOnAsync(string url, bool migrate)
    {
        var database = new Storage.Cluster.Connections.PostgresDatabase(Storage.Cluster.Connections.PostgresUrl.Read("DATABASE_URL", url));
        if (migrate)
        {
            await new Storage.Cluster.PostgresStorageInitializer(database).InitializeAsync(default);
        }

        var bench = new PostgresRecorderBench(database, _signing);
        await bench.Publisher.InitializeAsync(default);
        await bench.Recorder.InitializeAsync(default);
        return bench;
    }
}
