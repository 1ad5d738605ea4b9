using System.Collections.Concurrent;
using AgentGate.Audit;
using AgentGate.Kernel.Transparency;
using AgentGate.Loopback;
using AgentGate.Storage.Cluster.Audit;
using Npgsql;

namespace AgentGate.Storage.Tests.Audit;

/// <summary>Checkpoints of logs that several processes append to.</summary>
public sealed class PostgresCheckpointsTests : IDisposable
{
    private readonly EphemeralSigningKeys _signing = PostgresRecorderBench.SigningKeys();

    public void Dispose() => _signing.Dispose();

    [Fact]
    public async Task Whoever_publishes_all_serve_the_same_no_checkpoint_goes_back_and_each_is_of_the_one_log()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var one = await PostgresRecorderBench.StartAsync(database, _signing);
        await using var two = await PostgresRecorderBench.StartAsync(database, _signing);
        var published = new ConcurrentBag<Checkpoint>();
        await Task.WhenAll(new[] { one, two }.Select(process => Task.Run(async () =>
        {
            var before = 0L;
            for (var i = 0; i < 15; i++)
            {
                await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => process.AppendAsync()));
                await process.Publisher.PublishAllAsync(default);
                var now = (await process.Publisher.PublishedAsync("a", default))!.Checkpoint;
                Assert.True(now.Size >= before);
                before = now.Size;
                published.Add(now);
            }
        })));

        await two.Publisher.PublishAllAsync(default);
        Assert.Equal(150, two.Publisher.PublishedOf("a")!.Checkpoint.Size);
        Assert.Equal(two.Publisher.PublishedOf("a")!.Note.ToArray(), (await one.Publisher.PublishedAsync("a", default))!.Note.ToArray());
        foreach (var checkpoint in published)
        {
            Assert.Equal(await one.Trees.ProverOf("a").RootAsync(checkpoint.Size), checkpoint.Root.ToArray());
        }

        Assert.Null(one.Publisher.Remark);
        Assert.Null(two.Publisher.Remark);
    }

    [Fact]
    public async Task What_one_process_appended_the_other_proves_at_once()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var one = await PostgresRecorderBench.StartAsync(database, _signing);
        await using var two = await PostgresRecorderBench.StartAsync(database, _signing);
        await one.AppendAsync();
        await one.AppendAsync();

        var proof = await new LogProofs(two.Log, two.Trees, two.Publisher).ProveAsync("a", 2, default);

        Assert.NotNull(proof);
        Assert.Equal(2, two.Publisher.PublishedOf("a")!.Checkpoint.Size);
        Assert.Null(await two.Publisher.CoveringAsync("a", 2, default));
    }

    [Fact]
    public async Task A_server_with_another_signing_key_does_not_start()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        using var other = PostgresRecorderBench.SigningKeys();
        await using (var one = await PostgresRecorderBench.StartAsync(database, _signing))
        {
            var running = await Assert.ThrowsAsync<AuditUnavailableException>(() => PostgresRecorderBench.StartAsync(database, other));
            Assert.Equal("AG4050", running.Code);
            await one.AppendAsync();
            await one.Publisher.PublishAllAsync(default);
        }

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => PostgresRecorderBench.StartAsync(database, other));
        Assert.StartsWith("AG4055", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_does_not_start_on_a_database_shorter_than_what_it_signed_itself()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var one = await PostgresRecorderBench.StartAsync(database, _signing);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => one.AppendAsync()));
        await one.Publisher.PublishAllAsync(default);

        // An older copy of the database: shorter, and no memory of the checkpoint.
        await using (var connection = await database.Database.Owner.OpenConnectionAsync())
        {
            await using var command = new NpgsqlCommand(
                "DELETE FROM log_checkpoints; DELETE FROM log_entries WHERE seq > 8; UPDATE log_heads SET seq = 8, hash = (SELECT hash FROM log_entries WHERE seq = 8)", connection);
            await command.ExecuteNonQueryAsync();
        }

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => one.Publisher.InitializeAsync(default).AsTask());
        Assert.StartsWith("AG4025", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_that_is_not_stored_is_not_signed_and_forgotten_so_that_the_one_that_is_stored_is()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var one = await PostgresRecorderBench.StartAsync(database, _signing);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => one.AppendAsync()));
        await ExecuteAsync(database, "DELETE FROM log_entries WHERE seq > 3; UPDATE log_heads SET seq = 3, hash = (SELECT hash FROM log_entries WHERE seq = 3)");

        Assert.Null(await one.Publisher.PublishAsync("a", default));
        Assert.StartsWith("AG4028", one.Publisher.Remark, StringComparison.Ordinal);
        Assert.Null(one.Trees.HeadOf("a"));
        Assert.Empty(await new PostgresCheckpoints(database.Database).ReadAsync("a", default));
        Assert.Empty(one.Files.ReadAll());

        await one.Publisher.PublishAllAsync(default);
        Assert.Equal(3, one.Publisher.PublishedOf("a")!.Checkpoint.Size);
        Assert.Equal(await one.RootAsync(), one.Publisher.PublishedOf("a")!.Checkpoint.Root.ToArray());
        Assert.Null(one.Publisher.Remark);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_does_not_continue_what_is_stored_or_was_signed_is_not_signed(bool wasSigned)
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var one = await PostgresRecorderBench.StartAsync(database, _signing);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => one.AppendAsync()));
        if (wasSigned)
        {
            await one.Publisher.PublishAllAsync(default);
        }

        await one.AppendAsync();
        await ExecuteAsync(database, "UPDATE log_entries SET entry = entry || ' ' WHERE seq = 2");

        for (var again = 0; again < 2; again++)
        {
            // The second time its own head is forgotten, and what is stored contradicts what was signed, if anything was.
            await one.Publisher.PublishAllAsync(default);
            Assert.True(wasSigned || again == 1 || one.Publisher.PublishedOf("a") is null);
            if (wasSigned || again == 0)
            {
                Assert.StartsWith("AG4028", one.Publisher.Remark, StringComparison.Ordinal);
                Assert.Equal(wasSigned ? 3 : null, one.Publisher.PublishedOf("a")?.Checkpoint.Size);
            }
        }
    }

    private static async Task ExecuteAsync(PostgresTestDatabase database, string sql)
    {
        await using var connection = await database.Database.Owner.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
