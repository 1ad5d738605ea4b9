using AgentGate.Audit;
using AgentGate.Diagnostics;

namespace AgentGate.Tests.Audit;

/// <summary>What a store refuses of one tenant, and what it leaves in doubt, as the recorder sees it.</summary>
public sealed class RefusedTenantTests
{
    [Fact]
    public async Task What_is_refused_of_one_tenant_is_refused_to_it_alone()
    {
        await using var bench = new RecorderBench();
        await bench.Recorder.InitializeAsync(default);
        bench.Log.Refuses = Bad;

        var (good, bad) = await AppendTogetherAsync(bench);

        await Task.WhenAll(good);
        foreach (var refused in bad)
        {
            Assert.Equal(Codes.LogWriteFailed, (await Assert.ThrowsAsync<AuditUnavailableException>(() => refused)).Code);
        }

        Assert.Equal(good.Count, (await bench.ReadAsync("good")).DistinctBy(entry => entry.Id).Count());
        Assert.Equal(good.Count, (await bench.VerifyAsync("good")).Checked);
        Assert.True((await bench.VerifyAsync("good")).Valid);
        Assert.Empty(await bench.ReadAsync("bad"));
        Assert.True(bench.Recorder.IsWritable);
        Assert.StartsWith(Codes.LogRefused, bench.Recorder.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_that_was_refused_stays_out_of_the_others_transactions_until_it_succeeds()
    {
        await using var bench = new RecorderBench();
        bench.Log.Refuses = Bad;
        var (first, refused) = await AppendTogetherAsync(bench);
        await Task.WhenAll(first);
        await Task.WhenAll(refused.Select(one => Assert.ThrowsAsync<AuditUnavailableException>(() => one)));

        var asked = bench.Log.Appends;
        var (good, bad) = await AppendTogetherAsync(bench);
        await Task.WhenAll(good);
        await Task.WhenAll(bad.Select(one => Assert.ThrowsAsync<AuditUnavailableException>(() => one)));

        // The first entry alone, then the others of one tenant, then those of the other: nobody is tried twice.
        Assert.Equal(3, bench.Log.Appends - asked);

        bench.Log.Refuses = null;
        (good, bad) = await AppendTogetherAsync(bench);
        await Task.WhenAll([.. good, .. bad]);
        Assert.Null(bench.Recorder.Remark);
        Assert.Equal(bad.Count, (await bench.VerifyAsync("bad")).Checked);
        Assert.True((await bench.VerifyAsync("bad")).Valid);

        asked = bench.Log.Appends;
        (good, bad) = await AppendTogetherAsync(bench);
        await Task.WhenAll([.. good, .. bad]);
        Assert.Equal(2, bench.Log.Appends - asked);
    }

    [Fact]
    public async Task What_is_in_doubt_is_not_tried_again_whoever_it_is_of()
    {
        await using var bench = new RecorderBench();
        await bench.Recorder.InitializeAsync(default);
        (bench.Log.Failure, bench.Log.StoresBeforeFailing) = (new IOException("lost"), true);

        var (good, bad) = await AppendTogetherAsync(bench);
        await Task.WhenAll(good.Concat(bad).Select(one => Assert.ThrowsAsync<AuditUnavailableException>(() => one)));

        bench.Log.Failure = null;
        await bench.AppendAsync(bench.Entry("good"));
        foreach (var tenant in new[] { "good", "bad" })
        {
            var entries = await bench.ReadAsync(tenant);
            Assert.Equal(entries.Length, entries.DistinctBy(entry => entry.Id).Count());
            Assert.True((await bench.VerifyAsync(tenant)).Valid);
        }
    }

    [Fact]
    public async Task A_store_that_goes_away_while_the_parts_are_stored_is_not_asked_once_for_each_of_them()
    {
        await using var bench = new RecorderBench();
        await bench.Recorder.InitializeAsync(default);
        bench.Log.Refuses = batch =>
        {
            bench.Log.Failure = batch.Heads.Count > 1 ? new IOException("gone") : bench.Log.Failure;
            return batch.Heads.Count > 1 ? new ArgumentException("refused") : null;
        };

        var (good, bad) = await AppendTogetherAsync(bench, others: 20);

        Assert.Equal(1, await SucceededAsync([.. good, .. bad]));
        Assert.Equal(3, bench.Log.Appends);
        Assert.False(bench.Recorder.IsWritable);
    }

    [Fact]
    public async Task A_server_with_no_tenant_that_can_be_written_is_not_writable()
    {
        await using var bench = new RecorderBench();
        await bench.Recorder.InitializeAsync(default);
        bench.Log.Refuses = Bad;

        await Assert.ThrowsAsync<AuditUnavailableException>(() => bench.AppendAsync(bench.Entry("bad")));
        Assert.False(bench.Recorder.IsWritable);

        await bench.AppendAsync(bench.Entry("good"));
        await Assert.ThrowsAsync<AuditUnavailableException>(() => bench.AppendAsync(bench.Entry("bad")));
        Assert.True(bench.Recorder.IsWritable);
    }

    private static ArgumentException? Bad(AuditBatch batch) => batch.Heads.ContainsKey("bad") ? new ArgumentException("refused") : null;

    private static async Task<int> SucceededAsync(List<Task> tasks)
    {
        await Task.WhenAll(tasks).ContinueWith(static _ => { }, TaskScheduler.Default);
        return tasks.Count(task => task.IsCompletedSuccessfully);
    }

    /// <summary>One entry by itself, and while it is being stored entries of several tenants queue up for one batch.</summary>
    private static async Task<(List<Task> Good, List<Task> Bad)> AppendTogetherAsync(RecorderBench bench, int others = 0)
    {
        var gate = bench.Log.Hold();
        var good = new List<Task> { bench.AppendAsync(bench.Entry("good")) };
        await bench.Log.Entered.Task;
        var bad = new List<Task>();
        for (var i = 0; i < 5; i++)
        {
            bad.Add(bench.AppendAsync(bench.Entry("bad")));
            good.Add(bench.AppendAsync(bench.Entry("good")));
        }

        good.AddRange(Enumerable.Range(0, others).Select(i => bench.AppendAsync(bench.Entry($"other-{i}"))));
        gate.SetResult();
        return (good, bad);
    }
}
