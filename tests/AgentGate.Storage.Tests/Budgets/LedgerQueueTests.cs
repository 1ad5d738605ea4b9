using AgentGate.Budgets;
using AgentGate.Storage.Cluster.Budgets;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace AgentGate.Storage.Tests.Budgets;

/// <summary>How postings are collected, whatever the database makes of them.</summary>
public sealed class LedgerQueueTests : IDisposable
{
    private static readonly LedgerKey s_counter = new("t", "r", "s", "day", 0);

    private readonly FakeTimeProvider _time = new();
    private readonly List<IReadOnlyList<LedgerPosting>> _asked = [];
    private readonly List<Guid> _unsure = [];
    private readonly Queue<TaskCompletionSource<Exception?>> _turns = [];
    private readonly SemaphoreSlim _came = new(0);
    private readonly LedgerQueue _queue;

    public LedgerQueueTests() => _queue = new LedgerQueue(AskAsync, id => { lock (_unsure) { _unsure.Add(id); } }, _time, TimeSpan.FromSeconds(5));

    public void Dispose()
    {
        _queue.Dispose();
        _came.Dispose();
    }

    [Fact]
    public async Task Whoever_comes_while_a_batch_is_posted_goes_with_the_next_one()
    {
        var first = PostAsync(Reserving());
        await CameAsync();
        var others = Enumerable.Range(0, 5).Select(_ => PostAsync(Reserving())).ToArray();

        End();
        await first;
        await CameAsync();
        End();
        await Task.WhenAll(others);

        Assert.Equal([1, 5], _asked.Select(batch => batch.Count));
    }

    [Fact]
    public async Task A_batch_is_bounded_and_the_rest_goes_next_in_the_same_order()
    {
        var first = PostAsync(Reserving());
        await CameAsync();
        var postings = Enumerable.Range(0, LedgerQueue.BatchMax + 3).Select(_ => Reserving()).ToArray();
        var others = postings.Select(posting => PostAsync(posting)).ToArray();

        await EndAllAsync(3);
        await Task.WhenAll([first, .. others]);

        Assert.Equal([1, LedgerQueue.BatchMax, 3], _asked.Select(batch => batch.Count));
        Assert.Equal(postings, _asked.Skip(1).SelectMany(batch => batch));
    }

    [Fact]
    public async Task A_reservation_named_twice_is_seen_by_the_second_as_the_first_left_it()
    {
        var first = PostAsync(Reserving());
        await CameAsync();
        var id = Guid.NewGuid();
        Task[] others = [PostAsync(Settling(id)), PostAsync(Reserving()), PostAsync(Settling(id)), PostAsync(Reserving())];

        await EndAllAsync(3);
        await Task.WhenAll([first, .. others]);

        Assert.Equal([1, 2, 2], _asked.Select(batch => batch.Count));
    }

    [Fact]
    public async Task A_caller_that_leaves_the_queue_never_asked()
    {
        using var gone = new CancellationTokenSource();
        var first = PostAsync(Reserving());
        await CameAsync();
        var left = PostAsync(Reserving(), gone.Token);
        var stays = PostAsync(Reserving());

        await gone.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => left);
        await EndAllAsync(2);
        await Task.WhenAll(first, stays);

        Assert.Equal([1, 1], _asked.Select(batch => batch.Count));
        Assert.Empty(_unsure);
    }

    [Fact]
    public async Task What_is_granted_to_a_caller_that_left_meanwhile_is_given_back_at_once()
    {
        using var gone = new CancellationTokenSource();
        var posting = Reserving();
        var left = PostAsync(posting, gone.Token);
        await CameAsync();

        await gone.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => left);
        End();
        await CameAsync();
        End();

        var back = Assert.Single(_asked[1]);
        Assert.Equal((true, posting.Id, 0L), (back.Settles, back.Id, back.Input));
        Assert.Equal(new LedgerItem(s_counter with { Unit = null, Window = 7 }, 0, 0, posting.Id), Assert.Single(back.Items));
        Assert.Empty(_unsure);
    }

    [Fact]
    public async Task What_a_caller_asks_and_cannot_be_fails_that_caller_alone()
    {
        var first = PostAsync(Reserving());
        await CameAsync();
        var (good, bad, settled) = (PostAsync(Reserving()), PostAsync(Reserving()), PostAsync(Settling(Guid.NewGuid())));
        var overflow = new BudgetLedgerLostException("22003", new PostgresException("out of range", "ERROR", "ERROR", PostgresErrorCodes.NumericValueOutOfRange));

        End();
        await EndAsync(overflow);
        await EndAsync();
        await EndAsync(overflow);
        await EndAsync();

        await Task.WhenAll(first, good, settled);
        await Assert.ThrowsAsync<BudgetLedgerLostException>(() => bad);
        Assert.Equal([1, 3, 1, 1, 1], _asked.Select(batch => batch.Count));
    }

    [Fact]
    public async Task A_lost_database_fails_all_of_a_batch_and_whoever_waits_after_it_goes_on()
    {
        var first = PostAsync(Reserving());
        await CameAsync();
        var (reserving, id) = (Reserving(), Guid.NewGuid());
        var (one, two) = (PostAsync(reserving), PostAsync(Settling(id)));
        End();
        await first;
        await CameAsync();
        var next = PostAsync(Reserving());

        End(new BudgetLedgerLostException("lost", new NpgsqlException()));
        await Assert.ThrowsAsync<BudgetLedgerLostException>(() => one);
        await Assert.ThrowsAsync<BudgetLedgerLostException>(() => two);
        await EndAllAsync(1);
        await next;

        // The reservation may have been made; a settlement is repeated by nobody and ends by its lease.
        Assert.Equal([reserving.Id], _unsure);
    }

    [Fact]
    public async Task Who_waited_longer_than_the_deadline_fails_and_is_not_posted()
    {
        var first = PostAsync(Reserving());
        await CameAsync();
        var late = PostAsync(Reserving());
        _time.Advance(TimeSpan.FromSeconds(6));
        End();

        await first;
        await Assert.ThrowsAsync<BudgetLedgerLostException>(() => late);
        var next = PostAsync(Reserving());
        await EndAllAsync(1);
        await next;

        Assert.Equal([1, 1], _asked.Select(batch => batch.Count));
    }

    private Task<LedgerAnswer> PostAsync(LedgerPosting posting, CancellationToken cancellationToken = default) => _queue.PostAsync(posting, cancellationToken).AsTask();

    private static LedgerPosting Reserving() => new() { Id = Guid.NewGuid(), Tenant = "t", Input = 1, Items = [new LedgerItem(s_counter, 10, 0, null)] };

    private static LedgerPosting Settling(Guid id) => new() { Settles = true, Id = id, Tenant = "t", Input = 1, Items = [new LedgerItem(s_counter with { Unit = null }, 0, 0, id)] };

    private async ValueTask<LedgerAnswer[]> AskAsync(IReadOnlyList<LedgerPosting> batch)
    {
        var turn = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_turns)
        {
            _asked.Add(batch);
            _turns.Enqueue(turn);
        }

        _came.Release();
        return await turn.Task is { } failure
            ? throw failure
            : [.. batch.Select(_ => new LedgerAnswer(true, 1, 0, 0, false, default, [new LedgerHeld(7, 0, 1, 0)]))];
    }

    private async Task CameAsync() => Assert.True(await _came.WaitAsync(TimeSpan.FromSeconds(30)), "no batch was posted");

    private void End(Exception? failure = null)
    {
        lock (_turns)
        {
            _turns.Dequeue().SetResult(failure);
        }
    }

    private async Task EndAsync(Exception? failure = null)
    {
        await CameAsync();
        End(failure);
    }

    /// <summary>Ends batches as they come; the first may have come already.</summary>
    private async Task EndAllAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            int there;
            lock (_turns)
            {
                there = _turns.Count;
            }

            if (there == 0)
            {
                await CameAsync();
            }
            else
            {
                // Its coming was seen already, or is taken note of now.
                await _came.WaitAsync(0);
            }

            End();
        }
    }
}
