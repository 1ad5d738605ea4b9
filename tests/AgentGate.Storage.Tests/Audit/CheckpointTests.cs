using System.Text;
using AgentGate.Audit;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Storage.Tests.Audit;

public sealed class CheckpointTests
{
    [Fact]
    public async Task A_checkpoint_is_signed_on_the_disk_and_published_and_grows_with_the_log()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var bench = await new SqliteRecorderBench(database).FilledAsync(300);

        var first = (await bench.Publisher.PublishAsync("a", default))!;
        Assert.Equal(300, first.Checkpoint.Size);
        Assert.Equal(bench.Trees.HeadOf("a")!.Root(), first.Checkpoint.Root.ToArray());
        Assert.Equal(File.ReadAllBytes(bench.Files.PathOf(first.Checkpoint.Origin)), first.Note.ToArray());
        Assert.True(SignedNote.Parse(first.Note.Span).Verify([NoteKey.ForLog($"{bench.Signing.Name}/a", bench.Signing.Current.PublicKey)], out _));
        Assert.Same(first, await bench.Publisher.PublishAsync("a", default));

        await bench.AppendAsync();
        var second = (await bench.Publisher.CoveringAsync("a", 300, default))!;
        var proof = await bench.Trees.ProverOf("a").ConsistencyAsync(300, 301);
        Assert.True(MerkleProof.VerifyConsistency(300, 301, first.Checkpoint.Root.Span, second.Checkpoint.Root.Span, proof.SelectMany(h => h).ToArray()));
        Assert.Null(await bench.Publisher.CoveringAsync("a", 301, default));
    }

    [Theory]
    [InlineData("DELETE FROM log_entries WHERE seq > 8; UPDATE log_heads SET seq = 8, hash = (SELECT hash FROM log_entries WHERE seq = 8)", "AG4025")]
    [InlineData("DELETE FROM log_entries; DELETE FROM log_heads; DELETE FROM log_tiles", "AG4025")]
    [InlineData("UPDATE log_entries SET entry = replace(entry, '\"kind\":\"admin\"', '\"kind\":\"held\"') WHERE seq = 4", "AG4026")]
    [InlineData("UPDATE log_entries SET entry = (SELECT entry FROM log_entries e WHERE e.seq = 2) WHERE seq = 4", "AG4026")]
    public async Task A_server_does_not_start_on_less_or_other_than_it_vouched_for(string sql, string code)
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        var keys = new EphemeralSigningKeys(new SystemIdSource(TimeProvider.System));
        await using (var before = await new SqliteRecorderBench(database, signing: keys).FilledAsync(10))
        {
            await before.Publisher.PublishAsync("a", default);
        }

        database.Execute(sql);
        var bench = new SqliteRecorderBench(database, signing: keys);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => bench.FilledAsync(1));

        Assert.StartsWith(code, refused.Message, StringComparison.Ordinal);
        Assert.Contains("10", refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(bench.Fsck().Findings);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task A_checkpoint_file_nobody_can_read_or_another_server_signed_stops_the_start()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using (var before = await new SqliteRecorderBench(database).FilledAsync(10))
        {
            await before.Publisher.PublishAsync("a", default);
        }

        var other = new SqliteRecorderBench(database);
        Assert.StartsWith("AG4027", (await Assert.ThrowsAsync<InvalidOperationException>(() => other.FilledAsync(1))).Message, StringComparison.Ordinal);
        File.WriteAllText(Directory.GetFiles(Path.Combine(database.Folder, "checkpoints")).Single(), "nothing");
        Assert.StartsWith("AG4027", (await Assert.ThrowsAsync<InvalidOperationException>(() => other.FilledAsync(1))).Message, StringComparison.Ordinal);
        await other.DisposeAsync();
    }

    [Fact]
    public async Task Under_durability_write_the_entries_are_on_the_disk_before_anybody_is_told_of_them()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var bench = await new SqliteRecorderBench(database, AuditDurability.Write).FilledAsync(5);
        var before = bench.Log.Syncs;

        await bench.Publisher.PublishAsync("a", default);

        Assert.True(bench.Log.Syncs > before);
    }

    [Fact]
    public async Task Without_a_quorum_nothing_is_published_the_health_page_says_so_and_decisions_go_on()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        var witnesses = new ScriptedWitnesses();
        await using var bench = await new SqliteRecorderBench(database, witnesses: witnesses).FilledAsync(4);

        Assert.Null(await bench.Publisher.PublishAsync("a", default));
        Assert.StartsWith("AG4301", bench.Publisher.Remark, StringComparison.Ordinal);
        await bench.AppendAsync();

        witnesses.Answers = true;
        Assert.Equal(5, (await bench.Publisher.PublishAsync("a", default))!.Checkpoint.Size);
        Assert.Null(bench.Publisher.Remark);

        witnesses.Answers = false;
        await bench.AppendAsync();
        Assert.Equal(5, (await bench.Publisher.PublishAsync("a", default))!.Checkpoint.Size);
        Assert.Null(await bench.Publisher.CoveringAsync("a", 5, default));
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_leaves_the_former_checkpoint_and_is_told()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var bench = await new SqliteRecorderBench(database).FilledAsync(4);
        await File.WriteAllTextAsync(Path.Combine(database.Folder, "checkpoints"), "a file in the way");

        Assert.Null(await bench.Publisher.PublishAsync("a", default));
        Assert.StartsWith("AG4028", bench.Publisher.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_lost_its_tree_is_not_valid_for_want_of_anything_to_compare()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        var keys = new EphemeralSigningKeys(new SystemIdSource(TimeProvider.System));
        await using (await new SqliteRecorderBench(database, signing: keys).FilledAsync(10))
        {
        }

        database.Execute("DELETE FROM log_entries WHERE seq = 4");
        await using var bench = await new SqliteRecorderBench(database, signing: keys).FilledAsync(1);

        Assert.Equal((false, 0, null, "missing"), await new TreeVerifier(bench.Log, bench.Trees, bench.Publisher).VerifyAsync("a", 0, long.MaxValue, default));
    }

    [Fact]
    public async Task A_tree_whose_tiles_are_gone_is_not_valid()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var bench = await new SqliteRecorderBench(database).FilledAsync(300);
        await bench.Publisher.PublishAsync("a", default);
        var verifier = new TreeVerifier(bench.Log, bench.Trees, bench.Publisher);
        Assert.Equal((true, 300, null, null), await verifier.VerifyAsync("a", 0, long.MaxValue, default));

        database.Execute("DELETE FROM log_tiles; DELETE FROM log_entries WHERE seq = 4");

        Assert.Equal((false, 0, null, "tree"), await verifier.VerifyAsync("a", 0, long.MaxValue, default));
    }

    private sealed class ScriptedWitnesses : ICheckpointWitnesses
    {
        public bool Answers { get; set; }

        public int Quorum => 1;

        public async ValueTask<CosignResult> CosignAsync(
            string origin,
            ReadOnlyMemory<byte> signedNote,
            Func<long, long, CancellationToken, ValueTask<IReadOnlyList<byte[]>>> consistencyProof,
            CancellationToken cancellationToken)
        {
            var checkpoint = Checkpoint.Parse(SignedNote.Parse(signedNote.Span).Text.Span);
            _ = await consistencyProof(1, checkpoint.Size, cancellationToken);
            return Answers
                ? new CosignResult.Cosigned(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(signedNote.Span)), ["w"])
                : new CosignResult.NoQuorum("w: no answer");
        }
    }
}
