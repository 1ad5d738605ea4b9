using System.Globalization;
using AgentGate.Audit;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Loopback;
using AgentGate.Pipeline;
using AgentGate.Storage.Cluster;
using AgentGate.Storage.Cluster.Connections;
using Npgsql;

namespace AgentGate.Storage.Tests.Audit;

/// <summary>Durability <c>write</c> on a PostgreSQL that is killed before its last moment is on its disk.</summary>
public sealed class PostgresLostCallTests : IDisposable
{
    private readonly EphemeralSigningKeys _signing = PostgresRecorderBench.SigningKeys();

    public void Dispose() => _signing.Dispose();

    [Fact]
    public async Task Calls_whose_entries_a_killed_PostgreSQL_lost_are_told_and_a_late_outcome_is_refused()
    {
        await using var server = await StartAsync();
        var url = await server.CreateDatabaseAsync();
        await using var one = await StartOnAsync(url, migrate: true);
        await HoldWriterAsync(server);
        await one.AppendAsync(EntryKind.Intent, "kept");
        await one.Log.FlushAsync(default);
        await AppendAsync(one, EntryKind.Intent, "lost");
        await AppendAsync(one, EntryKind.Intent, "both");
        await AppendAsync(one, EntryKind.Outcome, "both");
        await AppendAsync(one, EntryKind.Outcome, "kept");
        await server.KillAsync();
        await server.StartAgainAsync();

        await GoesOnAsync(one);
        await PostgresRecorderTests.UntilAsync(async () => (await one.ReadAsync()).Count(entry => entry.Code == "AG4058") == 3);

        var stored = await one.ReadAsync();
        Assert.DoesNotContain(stored, entry => entry is { Kind: EntryKind.Intent, CallId: "lost" or "both" });
        Assert.Contains(stored, entry => entry is { Kind: EntryKind.Intent, CallId: "kept" });
        var told = stored.Where(entry => entry.Code == "AG4058").ToDictionary(entry => entry.CallId!);
        Assert.Equal((OutcomeKind.Unknown, "d-lost", EntityRef.Model("m")), (told["lost"].Outcome, told["lost"].DecisionId, told["lost"].Resource));
        Assert.Equal((OutcomeKind.Completed, "d-both"), (told["both"].Outcome, told["both"].DecisionId));
        Assert.Equal(OutcomeKind.Completed, told["kept"].Outcome);
        Assert.Empty(await one.Log.ReadOpenIntentsAsync(default));
        Assert.Null(one.Recorder.Remark);

        Assert.Equal("AG4052", (await Assert.ThrowsAsync<AuditUnavailableException>(() => one.AppendAsync(EntryKind.Outcome, "lost"))).Code);
        Assert.True((await one.VerifyAsync()).Valid);
        Assert.Equal(await one.RootAsync(), one.Trees.HeadOf("a")!.Root());
    }

    [Fact]
    public async Task Who_comes_second_finds_what_it_lost_although_the_log_is_longer_again_than_it_was()
    {
        await using var server = await StartAsync();
        var url = await server.CreateDatabaseAsync();
        await using var one = await StartOnAsync(url, migrate: true);
        await using var two = await StartOnAsync(url, migrate: false);
        await HoldWriterAsync(server);
        await two.AppendAsync();
        await two.Log.FlushAsync(default);
        await AppendAsync(one, EntryKind.Intent, "lost");
        await server.KillAsync();
        await server.StartAgainAsync();
        await GoesOnAsync(two);
        for (var i = 0; i < 5; i++)
        {
            await two.AppendAsync();
        }

        // It has no calls: its upkeep finds out.
        await PostgresRecorderTests.UntilAsync(async () =>
        {
            try
            {
                await one.Recorder.CloseOpenIntentsAsync(default);
            }
            catch (NpgsqlException)
            {
                // A connection from before, as the upkeep meets it; it comes again.
            }

            return (await two.ReadAsync()).Any(entry => entry is { Code: "AG4058", CallId: "lost" });
        });

        await one.AppendAsync();
        await two.AppendAsync();
        Assert.Single(await two.ReadAsync(), entry => entry.CallId == "lost");
        Assert.True((await one.VerifyAsync()).Valid);
        Assert.True((await two.VerifyAsync()).Valid);
    }

    [Fact]
    public async Task What_the_upkeep_brought_to_the_disk_survives_and_a_cut_connection_loses_nothing()
    {
        await using var server = await StartAsync();
        var url = await server.CreateDatabaseAsync();
        await using var one = await StartOnAsync(url, migrate: true);
        await HoldWriterAsync(server);
        await AppendAsync(one, EntryKind.Intent, "1");
        await server.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'agentgate'");
        await GoesOnAsync(one);

        await one.Recorder.CloseOpenIntentsAsync(default);
        await one.AppendAsync();
        await one.AppendAsync();
        await server.KillAsync();
        await server.StartAgainAsync();
        await GoesOnAsync(one);

        Assert.Contains(await one.ReadAsync(), entry => entry is { Kind: EntryKind.Intent, CallId: "1" });
        Assert.DoesNotContain(await one.ReadAsync(), entry => entry.Code == "AG4058");
    }

    /// <summary>A server that writes nothing of its own accord beside its log writer.</summary>
    private static Task<PostgresServer> StartAsync() => PostgresServer.StartAsync("autovacuum=off", "wal_level=minimal", "max_wal_senders=0");

    /// <summary>Stops the process that writes what nobody waits for: all of that is lost when the server is killed, and not by chance.</summary>
    private static async Task HoldWriterAsync(PostgresServer server)
    {
        await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={server.Port};Username=postgres;Database=postgres;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'", connection);
        var pid = (int)(await command.ExecuteScalarAsync())!;
        await LoopbackServers.RunAsync("kill", ["-STOP", pid.ToString(CultureInfo.InvariantCulture)]);
    }

    private static async Task AppendAsync(PostgresRecorderBench bench, EntryKind kind, string callId) => await bench.Recorder.AppendAsync(
        new DecisionRecord(new LogEntryBody
        {
            Id = bench.Ids.NewId(),
            Kind = kind,
            At = TimeProvider.System.GetUtcNow(),
            Tenant = "a",
            CallId = callId,
            DecisionId = kind == EntryKind.Intent ? "d-" + callId : null,
            Resource = EntityRef.Model("m"),
            Outcome = kind == EntryKind.Outcome ? OutcomeKind.Completed : null,
        }),
        default);

    private static Task GoesOnAsync(PostgresRecorderBench bench) => PostgresRecorderTests.UntilAsync(async () =>
    {
        try
        {
            await bench.AppendAsync();
            return true;
        }
        catch (AuditUnavailableException)
        {
            return false;
        }
    });

    private async Task<PostgresRecorderBench> StartOnAsync(string url, bool migrate)
    {
        var database = new PostgresDatabase(PostgresUrl.Read("DATABASE_URL", url));
        if (migrate)
        {
            await new PostgresStorageInitializer(database).InitializeAsync(default);
        }

        var bench = new PostgresRecorderBench(database, _signing, new AuditOptions { Durability = AuditDurability.Write, InstanceLease = TimeSpan.FromMinutes(10) });
        await bench.Publisher.InitializeAsync(default);
        await bench.Recorder.InitializeAsync(default);
        return bench;
    }
}
