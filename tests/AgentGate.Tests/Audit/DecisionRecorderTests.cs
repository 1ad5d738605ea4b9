using AgentGate.Audit;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Tests.Audit;

public sealed class DecisionRecorderTests
{
    [Fact]
    public async Task What_is_appended_is_on_record_in_order_and_verifies()
    {
        await using var bench = new RecorderBench();
        await bench.Recorder.InitializeAsync(default);
        var first = bench.Entry();
        var second = bench.Entry();
        await bench.AppendAsync(first);
        await bench.AppendAsync(second);

        Assert.Equal([first.Id, second.Id], (await bench.ReadAsync()).Select(e => e.Id));
        Assert.True((await bench.VerifyAsync()).Valid);
        Assert.Equal(2, bench.Recorder.HeadOf("a")?.Seq);
    }

    [Fact]
    public async Task Each_entry_names_the_durability_it_was_written_with()
    {
        await using var bench = new RecorderBench(new AuditOptions { Durability = AuditDurability.Write });
        await bench.AppendAsync();
        Assert.Equal("write", Assert.Single(await bench.ReadAsync()).Durability);
    }

    [Fact]
    public async Task Sixty_four_writers_share_batches_and_leave_one_whole_chain_per_tenant()
    {
        await using var bench = new RecorderBench();
        await bench.Recorder.InitializeAsync(default);

        await Task.WhenAll(Enumerable.Range(0, 64).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                await bench.AppendAsync(bench.Entry(writer % 2 == 0 ? "a" : "b"));
            }
        })));

        Assert.Equal(1600, (await bench.VerifyAsync("a")).Checked);
        Assert.True((await bench.VerifyAsync("a")).Valid);
        Assert.Equal(1600, (await bench.VerifyAsync("b")).Checked);
        Assert.True((await bench.VerifyAsync("b")).Valid);
        Assert.Equal(3200, bench.Log.Batches.Sum());
    }

    [Fact]
    public async Task Entries_that_queue_up_during_a_write_share_the_next_one()
    {
        await using var bench = new RecorderBench(new AuditOptions { MaxBatch = 4 });
        bench.Log.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = bench.AppendAsync();
        await bench.Log.Entered.Task;
        var others = Enumerable.Range(0, 6).Select(_ => bench.AppendAsync()).ToArray();

        Assert.False(first.IsCompleted);
        bench.Log.Gate.SetResult();
        await Task.WhenAll([first, .. others]);

        Assert.Equal([1, 4, 2], bench.Log.Batches);
    }

    [Fact]
    public async Task A_store_that_fails_refuses_its_waiters_and_closes_until_an_append_succeeds()
    {
        await using var bench = new RecorderBench();
        await bench.Recorder.InitializeAsync(default);
        await bench.AppendAsync();
        Assert.True(bench.Recorder.IsWritable);

        bench.Log.Failure = new IOException("disk full");
        var refusal = await Assert.ThrowsAsync<AuditUnavailableException>(() => bench.AppendAsync());
        Assert.Equal(Codes.LogWriteFailed, refusal.Code);
        Assert.False(bench.Recorder.IsWritable);
        Assert.Equal(1, bench.Recorder.HeadOf("a")?.Seq);

        bench.Log.Failure = null;
        await bench.AppendAsync();
        Assert.True(bench.Recorder.IsWritable);
        Assert.Equal(2, (await bench.VerifyAsync()).Checked);
        Assert.True((await bench.VerifyAsync()).Valid);
    }

    [Fact]
    public async Task A_commit_whose_answer_got_lost_does_not_block_the_log()
    {
        await using var bench = new RecorderBench();
        await bench.Recorder.InitializeAsync(default);
        (bench.Log.Failure, bench.Log.StoresBeforeFailing) = (new IOException("lost"), true);
        await Assert.ThrowsAsync<AuditUnavailableException>(() => bench.AppendAsync());

        bench.Log.Failure = null;
        await bench.AppendAsync();
        Assert.True((await bench.VerifyAsync()).Valid);
        Assert.Equal(2, (await bench.VerifyAsync()).Checked);
    }

    [Fact]
    public async Task A_cancelled_waiter_stops_waiting_and_the_log_stays_whole()
    {
        await using var bench = new RecorderBench();
        bench.Log.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancel = new CancellationTokenSource();
        var waiting = bench.AppendAsync(cancellationToken: cancel.Token);
        await bench.Log.Entered.Task;
        var other = bench.AppendAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        bench.Log.Gate.SetResult();
        await other;
        Assert.Equal(2, (await bench.VerifyAsync()).Checked);
    }

    [Fact]
    public async Task A_full_queue_refuses_after_the_deadline()
    {
        await using var bench = new RecorderBench(new AuditOptions { QueueCapacity = 1, MaxBatch = 1 });
        bench.Log.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var written = bench.AppendAsync();
        await bench.Log.Entered.Task;
        var queued = bench.AppendAsync();
        var refused = bench.AppendAsync();
        Assert.False(refused.IsCompleted);

        bench.Time.Advance(new AuditOptions().QueueDeadline);
        Assert.Equal(Codes.LogQueueFull, (await Assert.ThrowsAsync<AuditUnavailableException>(() => refused)).Code);

        bench.Log.Gate.SetResult();
        await Task.WhenAll(written, queued);
        Assert.Equal(2, (await bench.ReadAsync()).Length);
    }

    [Fact]
    public async Task Shutting_down_stores_what_is_queued_and_refuses_what_comes_later()
    {
        var bench = new RecorderBench();
        var appends = Enumerable.Range(0, 300).Select(_ => bench.AppendAsync()).ToArray();
        await bench.DisposeAsync();
        await Task.WhenAll(appends);

        Assert.Equal(300, (await bench.ReadAsync()).Length);
        Assert.Equal(Codes.LogClosed, (await Assert.ThrowsAsync<AuditUnavailableException>(() => bench.AppendAsync())).Code);
        Assert.False(bench.Recorder.IsWritable);
    }

    [Fact]
    public async Task A_restart_goes_on_with_the_chain_and_closes_open_intents_as_unknown()
    {
        var log = new ScriptedLog();
        await using (var before = new RecorderBench(log: log))
        {
            await before.Recorder.InitializeAsync(default);
            await before.AppendAsync(before.Entry(kind: EntryKind.Intent, callId: "1"));
            await before.AppendAsync(before.Entry(kind: EntryKind.Intent, callId: "2"));
            await before.AppendAsync(before.Entry(kind: EntryKind.Outcome, callId: "1"));
        }

        await using var after = new RecorderBench(log: log);
        await after.Recorder.InitializeAsync(default);

        var last = (await after.ReadAsync())[^1];
        Assert.Equal((EntryKind.Outcome, "2", OutcomeKind.Unknown), (last.Kind, last.CallId, last.Outcome));
        Assert.Equal("process ended before the outcome was written", last.Detail);
        Assert.Equal(4, (await after.VerifyAsync()).Checked);
        Assert.True((await after.VerifyAsync()).Valid);
        Assert.Equal(0, await after.Recorder.CloseOpenIntentsAsync(default));
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_at_the_start_stops_the_start()
    {
        await using var bench = new RecorderBench(log: new UnreadableLog());
        await Assert.ThrowsAsync<IOException>(() => bench.Recorder.InitializeAsync(default));
        Assert.False(bench.Recorder.IsWritable);
    }

    private sealed class UnreadableLog : IAuditLog
    {
        public ValueTask FlushAsync(CancellationToken cancellationToken) => throw new IOException();

        public ValueTask AppendAsync(AuditBatch batch, CancellationToken cancellationToken) => throw new IOException();

        public ValueTask<IReadOnlyList<StoredLog>> ReadLogsAsync(CancellationToken cancellationToken) => throw new IOException();

        public ValueTask<IReadOnlyList<StoredEntry>> ReadAsync(AuditQuery query, CancellationToken cancellationToken) => throw new IOException();

        public IAsyncEnumerable<StoredEntry> ReadChainAsync(string tenant, long fromSeq, DateTimeOffset? since, CancellationToken cancellationToken)
            => throw new IOException();

        public ValueTask<IReadOnlyList<LogEntry>> ReadOpenIntentsAsync(CancellationToken cancellationToken) => throw new IOException();
    }
}
