using AgentGate.Audit;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="ISharedAuditLog"/> must do beside what every log does.</summary>
public abstract class SharedAuditLogConformance : AuditLogConformance
{
    /// <summary>The log of another process on the store that <see cref="AuditLogConformance.CreateAsync"/> made.</summary>
    private protected abstract Task<ISharedAuditLog> CreateOtherAsync(TimeSpan lease);

    [Fact]
    public async Task An_append_sees_what_others_appended_behind_what_it_knows()
    {
        var one = (ISharedAuditLog)await CreateAsync();
        var other = await CreateOtherAsync(TimeSpan.FromSeconds(15));
        await AppendAsync(one, Body(), Body(), Body("b"));
        await AppendAsync(other, Body());

        await using var append = await one.BeginAsync([new LogPosition("a", 2), new LogPosition("b", 1), new LogPosition("c", 0)], [], default);

        Assert.Equal([("a", 3L), ("b", 1L), ("c", 0L)], append.Logs.Select(log => (log.Tenant, log.Head.Seq)));
        Assert.Equal(3, Assert.Single(append.Logs[0].Entries).Seq);
        Assert.Equal(append.Logs[0].Head.Hash, append.Logs[0].Entries[0].Hash.ToArray());
        Assert.Empty(append.Logs[1].Entries);
        Assert.Equal(ChainHead.Genesis, append.Logs[2].Head);
        Assert.All(append.Logs, log => Assert.True(log.IsWhole));
    }

    [Fact]
    public async Task A_second_append_to_a_log_waits_for_the_first_and_one_to_another_log_does_not()
    {
        var one = (ISharedAuditLog)await CreateAsync();
        var other = await CreateOtherAsync(TimeSpan.FromSeconds(15));
        await AppendAsync(one, Body(), Body("b"));
        var first = await one.BeginAsync([new LogPosition("a", 1)], [], default);
        await using (await other.BeginAsync([new LogPosition("b", 1)], [], default))
        {
        }

        var second = other.BeginAsync([new LogPosition("a", 1)], [], default).AsTask();
        Assert.NotSame(second, await Task.WhenAny(second, Task.Delay(200, TestContext.Current.CancellationToken)));

        await first.DisposeAsync();
        await using var turn = await second;
        Assert.Equal(1, turn.Logs[0].Head.Seq);
    }

    [Fact]
    public async Task What_is_not_committed_leaves_nothing_behind()
    {
        var one = (ISharedAuditLog)await CreateAsync();
        await using (await one.BeginAsync([new LogPosition("new", 0)], [], default))
        {
        }

        Assert.Empty(await one.ReadLogsAsync(default));
        Assert.Empty(await one.ReadHeadsAsync(null, default));
    }

    [Fact]
    public async Task Only_calls_that_are_open_are_said_to_be()
    {
        var one = (ISharedAuditLog)await CreateAsync();
        var other = await CreateOtherAsync(TimeSpan.FromSeconds(15));
        await AppendAsync(one, Call("1", EntryKind.Intent), Call("2", EntryKind.Intent));
        await AppendAsync(other, Call("2", EntryKind.Outcome));

        await using var append = await one.BeginAsync(
            [new LogPosition("a", 3)], [.. new[] { "1", "2", "3" }.Select(id => new DecisionRecord(Call(id, EntryKind.Outcome)))], default);

        Assert.Equal((true, false, false), (append.IsOpen("a", "1"), append.IsOpen("a", "2"), append.IsOpen("a", "3")));
    }

    [Fact]
    public async Task Intents_are_abandoned_once_their_process_was_not_heard_of_for_its_lease_and_then_it_appends_no_more_as_it_was()
    {
        var one = (ISharedAuditLog)await CreateAsync();
        var other = await CreateOtherAsync(TimeSpan.FromSeconds(1));
        await AppendAsync(one, Call("1", EntryKind.Intent));
        await AppendAsync(other, Call("2", EntryKind.Intent));
        Assert.Equal(1, await one.CountOthersAsync(default));
        Assert.Empty(await one.ReadAbandonedIntentsAsync(default));

        await UntilAsync(async () => await one.CountOthersAsync(default) == 0);

        Assert.False(await one.RenewAsync(default));
        Assert.Equal("2", Assert.Single(await one.ReadAbandonedIntentsAsync(default)).Body.CallId);
        var ended = await Assert.ThrowsAsync<AuditUnavailableException>(() => other.BeginAsync([new LogPosition("a", 2)], [], default).AsTask());
        Assert.Equal("AG4051", ended.Code);
        await AppendAsync(other, Body());
        Assert.Equal("2", Assert.Single(await one.ReadAbandonedIntentsAsync(default)).Body.CallId);
    }

    /// <summary>Asks again until it holds; the store's clock runs, and nobody can set it forward.</summary>
    private protected static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await holds())
        {
            await Task.Delay(50, patience.Token);
        }
    }
}
