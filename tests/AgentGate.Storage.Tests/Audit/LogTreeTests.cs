using System.Security.Cryptography;
using System.Text;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Storage.Tests.Audit;

public sealed class LogTreeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1300)]
    public async Task The_stored_tree_is_that_of_the_entries_also_after_a_restart(int size)
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using (var bench = await new SqliteRecorderBench(database).FilledAsync(size))
        {
            Assert.Equal(MerkleTree.RootOf(await bench.LeavesAsync()), bench.Trees.HeadOf("a")!.Root());
        }

        await using var again = await new SqliteRecorderBench(database).FilledAsync(300);
        var leaves = await again.LeavesAsync();
        Assert.Equal(size + 300, leaves.Count);
        Assert.Equal(MerkleTree.RootOf(leaves), again.Trees.HeadOf("a")!.Root());
        Assert.Equal(MerkleTree.RootOf(leaves), await again.Trees.ProverOf("a").RootAsync(leaves.Count));
        Assert.Empty(again.Fsck().Findings);
    }

    [Fact]
    public async Task Proofs_from_stored_tiles_are_those_of_the_definition()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var bench = await new SqliteRecorderBench(database).FilledAsync(700);
        var (leaves, prover) = (await bench.LeavesAsync(), bench.Trees.ProverOf("a"));

        foreach (var index in new[] { 0, 255, 256, 511, 512, 699 })
        {
            Assert.Equal(MerkleTree.InclusionPath(leaves, index), await prover.InclusionAsync(index, leaves.Count));
        }

        foreach (var size in new[] { 1, 255, 256, 300, 512, 699, 700 })
        {
            Assert.Equal(MerkleTree.ConsistencyPath(leaves, size), await prover.ConsistencyAsync(size, leaves.Count));
        }
    }

    [Fact]
    public async Task A_log_begun_without_a_tree_gets_the_tree_of_its_entries_at_the_next_start()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using (await new SqliteRecorderBench(database).FilledAsync(1100))
        {
        }

        database.Execute("DELETE FROM log_tiles");
        await using var bench = await new SqliteRecorderBench(database).FilledAsync(10);

        Assert.Equal(MerkleTree.RootOf(await bench.LeavesAsync()), bench.Trees.HeadOf("a")!.Root());
        Assert.Empty(bench.Fsck().Findings);
    }

    [Fact]
    public async Task Only_full_tiles_are_stored_at_the_bottom_and_at_most_255_entries_are_hashed_at_the_start()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var bench = await new SqliteRecorderBench(database).FilledAsync(600);
        var tiles = new SqliteTileCount(database);

        Assert.Equal((2, 2 * 8192L), tiles.At(0));
        Assert.Equal((1, 2 * 32L), tiles.At(1));
    }

    [Fact]
    public async Task A_log_with_a_gap_gets_no_checkpoint_any_more()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using (await new SqliteRecorderBench(database).FilledAsync(10))
        {
        }

        database.Execute("DELETE FROM log_entries WHERE seq > 6");
        await using var bench = await new SqliteRecorderBench(database).FilledAsync(3);

        Assert.Null(bench.Trees.HeadOf("a"));
        Assert.Null(await bench.Publisher.PublishAsync("a", default));
        Assert.NotEmpty(bench.Fsck().Findings);
    }

    [Fact]
    public async Task Certificates_of_a_batch_share_a_signature_and_know_their_entries()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var bench = await new SqliteRecorderBench(database).FilledAsync(3);

        var seals = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            var body = Encoding.UTF8.GetBytes($"{{\"number\":{i}}}");
            var draft = new CertificateDraft($"d{i}", body, Convert.ToHexStringLower(SHA256.HashData(body)));
            var entry = new LogEntryBody
            {
                Id = $"id{i}",
                Kind = EntryKind.Denied,
                At = DateTimeOffset.UnixEpoch,
                Tenant = "a",
                DecisionId = draft.DecisionId,
                CertificateHash = draft.Hash,
            };
            var evidence = new DecisionEvidence("agent_1", default, null, null, AdmissibilityResult.NotEvaluated, default) { Decision = DecisionKind.Deny };
            return (draft, seal: (await bench.Recorder.AppendAsync(new DecisionRecord(entry) { Certificate = draft, Evidence = evidence }, default))!);
        }));

        Assert.All(seals, s => Assert.True(CertificateBatch.Verify(s.draft.Body.Span, s.seal, bench.Signing.Current.PublicKey)));
        Assert.Equal(Enumerable.Range(3, 50).Select(i => (long)i), seals.Select(s => s.seal.LogIndex).Order());
        Assert.All(seals, s => Assert.Equal("agentgate-process/a", s.seal.Origin));
        var stored = await bench.ReadAsync();
        Assert.All(seals, s => Assert.Equal(s.draft.DecisionId, stored[s.seal.LogIndex].DecisionId));

        // A certificate that is changed or taken away is found by the entry that names it.
        Assert.Empty(bench.Fsck().Findings);
        var place = stored.ToList().FindIndex(e => e.DecisionId == "d7") + 1;
        foreach (var seal in new[] { "(SELECT seal FROM certificates WHERE decision_id = 'd8')", "replace(seal, '\"index\":', '\"index\":1')", "replace(seal, 'key_id', 'no_id')", "x'00'" })
        {
            database.Execute($"CREATE TABLE kept AS SELECT seal FROM certificates WHERE decision_id = 'd7'; UPDATE certificates SET seal = CAST({seal} AS BLOB) WHERE decision_id = 'd7'");
            var broken = Assert.Single(bench.Fsck().Findings);
            Assert.Equal(place, broken.Seq);
            Assert.Contains("signature", broken.What, StringComparison.Ordinal);
            database.Execute("UPDATE certificates SET seal = (SELECT seal FROM kept) WHERE decision_id = 'd7'; DROP TABLE kept");
        }

        Assert.Empty(bench.Fsck().Findings);
        database.Execute("UPDATE certificates SET body = x'7b7d' WHERE decision_id = 'd7'");
        Assert.Equal(stored.ToList().FindIndex(e => e.DecisionId == "d7") + 1, Assert.Single(bench.Fsck().Findings).Seq);
        database.Execute("DELETE FROM certificates WHERE decision_id = 'd7'");
        Assert.Contains("missing", Assert.Single(bench.Fsck().Findings).What, StringComparison.Ordinal);
        database.Execute("DROP TABLE certificates");
        Assert.Contains("no certificates", Assert.Single(bench.Fsck().Findings).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tiles_that_were_taken_away_are_found_by_the_checkpoint()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var bench = await new SqliteRecorderBench(database).FilledAsync(3);
        database.Execute("DROP TABLE log_tiles");
        Assert.Empty(bench.Fsck().Findings);
        await bench.Publisher.PublishAsync("a", default);

        Assert.Contains("no tiles", Assert.Single(bench.Fsck().Findings).What, StringComparison.Ordinal);
    }

    private sealed class SqliteTileCount(TemporaryDatabase database)
    {
        public (int Tiles, long Bytes) At(int level)
        {
            using var connection = database.Database.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT COUNT(*), SUM(LENGTH(hashes)) FROM log_tiles WHERE level = {level}";
            using var reader = command.ExecuteReader();
            reader.Read();
            return (reader.GetInt32(0), reader.GetInt64(1));
        }
    }
}
