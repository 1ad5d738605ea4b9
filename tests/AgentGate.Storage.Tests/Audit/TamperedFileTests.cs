using AgentGate.Audit;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Storage.Tests.Audit;

/// <summary>Somebody with write access to the file changes the log behind the server's back.</summary>
public sealed class TamperedFileTests
{
    [Theory]
    [InlineData("UPDATE log_entries SET entry = replace(entry, '\"kind\":\"admin\"', '\"kind\":\"held\"') WHERE seq = 4", 4, ChainBreak.Edited)]
    [InlineData("UPDATE log_entries SET entry = 'not json' WHERE seq = 4", 4, ChainBreak.Edited)]
    [InlineData("UPDATE log_entries SET hash = zeroblob(32) WHERE seq = 4", 4, ChainBreak.Edited)]
    [InlineData("DELETE FROM log_entries WHERE seq = 4", 4, ChainBreak.Missing)]
    [InlineData("DELETE FROM log_entries WHERE seq = 1", 1, ChainBreak.Missing)]
    [InlineData("DELETE FROM log_entries WHERE seq > 6", 7, ChainBreak.Truncated)]
    [InlineData("DELETE FROM log_entries", 1, ChainBreak.Truncated)]
    [InlineData("UPDATE log_entries SET seq = -1 WHERE seq = 3; UPDATE log_entries SET seq = 3 WHERE seq = 5; UPDATE log_entries SET seq = 5 WHERE seq = -1", 3, ChainBreak.Reordered)]
    [InlineData("UPDATE log_entries SET seq = 0 WHERE seq = 10", 1, ChainBreak.Reordered)]
    [InlineData("INSERT INTO log_entries SELECT tenant, 11, entry, hash FROM log_entries WHERE seq = 10", 11, ChainBreak.Reordered)]
    [InlineData("UPDATE log_entries SET entry = (SELECT entry FROM log_entries e WHERE e.seq = 2), hash = (SELECT hash FROM log_entries e WHERE e.seq = 2) WHERE seq = 4", 4, ChainBreak.Reordered)]
    public async Task A_change_is_found_and_named(string sql, long seq, ChainBreak reason)
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var bench = await new SqliteRecorderBench(database).FilledAsync(10);
        Assert.True((await bench.VerifyAsync()).Valid);

        database.Execute(sql);

        var result = await bench.VerifyAsync();
        Assert.Equal((seq, reason), (result.FirstBrokenSeq, result.Reason));
        Assert.False(result.Valid);
    }

    [Fact]
    public async Task A_log_rewritten_whole_without_the_key_is_found()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using (await new SqliteRecorderBench(database).FilledAsync(5))
        {
        }

        database.Execute("DELETE FROM log_entries; DELETE FROM log_heads");
        await using (await new SqliteRecorderBench(database, key: new LogKey("k1", Enumerable.Repeat((byte)7, 32).ToArray())).FilledAsync(5))
        {
        }

        await using var bench = await new SqliteRecorderBench(database).FilledAsync(0);
        var result = await bench.VerifyAsync();
        Assert.Equal((1, ChainBreak.Edited), (result.FirstBrokenSeq, result.Reason));
    }

    [Fact]
    public async Task A_log_truncated_while_the_server_was_down_stays_broken_for_good()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using (await new SqliteRecorderBench(database).FilledAsync(10))
        {
        }

        database.Execute("DELETE FROM log_entries WHERE seq > 6");
        await using var bench = await new SqliteRecorderBench(database).FilledAsync(3);

        var result = await bench.VerifyAsync();
        Assert.Equal((7, ChainBreak.Missing), (result.FirstBrokenSeq, result.Reason));
        Assert.Equal(9, (await bench.ReadAsync()).Length);
    }

    [Fact]
    public async Task A_spoiled_entry_hides_behind_no_filter_and_stops_no_reader()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var bench = await new SqliteRecorderBench(database).FilledAsync(3);
        database.Execute("UPDATE log_entries SET entry = '{' WHERE seq = 2");

        var found = await bench.Log.ReadAsync(new AuditQuery { Tenant = "a", Kind = EntryKind.Denied, Search = "nothing" }, default);
        Assert.Equal(2, Assert.Single(found).Seq);
        Assert.Single(await bench.Log.ReadChainAsync("a", 1, DateTimeOffset.MaxValue, default).ToListAsync());
    }

    [Fact]
    public async Task A_spoiled_open_intent_does_not_stop_the_start()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using (var before = await new SqliteRecorderBench(database).FilledAsync(0))
        {
            await before.AppendAsync(EntryKind.Intent, "1");
            await before.AppendAsync(EntryKind.Intent, "2");
        }

        database.Execute("UPDATE log_entries SET entry = '{' WHERE seq = 1; DELETE FROM log_entries WHERE seq = 2");
        await using var bench = await new SqliteRecorderBench(database).FilledAsync(0);

        Assert.Empty(await bench.Log.ReadOpenIntentsAsync(default));
        Assert.False((await bench.VerifyAsync()).Valid);
    }
}
