using AgentGate.Budgets;
using Npgsql;

namespace AgentGate.Storage.Cluster.Budgets;

/// <summary>
/// Collects what callers post while a batch is at the database, and posts that as the next one: a counter that all calls share costs
/// one transaction for all of them and not one for each. Thread-safe.
/// </summary>
/// <param name="ask">Posts a batch, as one transaction.</param>
/// <param name="unsure">Is told of a reservation that may have been made and that nobody holds.</param>
/// <param name="time">Measures how long a posting waited.</param>
/// <param name="deadline">For how long one may wait for its turn.</param>
internal sealed class LedgerQueue(
    Func<IReadOnlyList<LedgerPosting>, ValueTask<LedgerAnswer[]>> ask, Action<Guid> unsure, TimeProvider time, TimeSpan deadline) : IDisposable
{
    /// <summary>How many postings go in one transaction: it is short whatever queued up.</summary>
    public const int BatchMax = 128;

    /// <summary>How many may wait; who comes then waits for a place, and no longer than the deadline.</summary>
    private const int QueuedMax = 4096;

    private readonly SemaphoreSlim _places = new(QueuedMax, QueuedMax);
    private readonly Lock _lock = new();
    private readonly Queue<LedgerPosting> _waiting = [];
    private bool _runs;

    public void Dispose() => _places.Dispose();

    /// <summary>Queues a posting and waits for its answer. Who is cancelled leaves at once, and what is granted to it then is given back.</summary>
    /// <exception cref="BudgetLedgerLostException">There was no turn in time, or the database cannot be reached or does not answer.</exception>
    public async ValueTask<LedgerAnswer> PostAsync(LedgerPosting posting, CancellationToken cancellationToken)
    {
        if (!await _places.WaitAsync(deadline, cancellationToken))
        {
            throw new BudgetLedgerLostException("no turn in time: the queue is full");
        }

        try
        {
            Enqueue(posting);
            await using var leaving = cancellationToken.UnsafeRegister(
                static (state, token) => ((LedgerPosting)state!).Answer.TrySetCanceled(token), posting);
            return await posting.Answer.Task;
        }
        finally
        {
            _places.Release();
        }
    }

    private void Enqueue(LedgerPosting posting)
    {
        posting.QueuedAt = time.GetTimestamp();
        lock (_lock)
        {
            _waiting.Enqueue(posting);
            if (_runs)
            {
                return;
            }

            _runs = true;
        }

        // Of nobody's context: the run goes on for others.
        ThreadPool.UnsafeQueueUserWorkItem(static queue => _ = queue.RunAsync(), this, preferLocal: false);
    }

    private async Task RunAsync()
    {
        while (Take() is { Count: > 0 } batch)
        {
            await PostAsync(batch);
        }
    }

    /// <summary>The next batch. One that names a reservation a second time waits for the next, so that it sees what the first one did.</summary>
    private List<LedgerPosting> Take()
    {
        List<LedgerPosting> batch = [];
        HashSet<Guid> changed = [];
        lock (_lock)
        {
            while (batch.Count < BatchMax && _waiting.TryPeek(out var next))
            {
                if (!next.Answer.Task.IsCompleted && next.Changed.Any(changed.Contains))
                {
                    break;
                }

                _waiting.Dequeue();
                if (time.GetElapsedTime(next.QueuedAt) > deadline)
                {
                    next.Answer.TrySetException(new BudgetLedgerLostException("no turn in time"));
                }

                // A caller that is gone never asked.
                if (!next.Answer.Task.IsCompleted)
                {
                    changed.UnionWith(next.Changed);
                    batch.Add(next);
                }
            }

            // INVARIANT: whoever queues when nobody runs starts a run, and one that ends found nothing.
            _runs = batch.Count > 0;
        }

        return batch;
    }

    private async Task PostAsync(List<LedgerPosting> batch)
    {
        try
        {
            var answers = await ask(batch);
            for (var i = 0; i < answers.Length; i++)
            {
                if (!batch[i].Answer.TrySetResult(answers[i]) && answers[i].Granted && !batch[i].Settles)
                {
                    GiveBack(batch[i].GiveBack(answers[i]));
                }
            }
        }
        catch (Exception refused) when (batch.Count > 1 && IsOfOne(refused))
        {
            // Nothing was done. What one caller asks and cannot be is its own failure alone.
            foreach (var posting in batch)
            {
                await PostAsync([posting]);
            }
        }
        catch (Exception failure)
        {
            foreach (var posting in batch)
            {
                if (!posting.Settles)
                {
                    unsure(posting.Id);
                }

                posting.Answer.TrySetException(failure);
            }
        }
    }

    private void GiveBack(LedgerPosting posting)
    {
        Enqueue(posting);
        _ = posting.Answer.Task.ContinueWith(
            (answer, id) =>
            {
                if (!answer.IsCompletedSuccessfully)
                {
                    // Looked at, so that nobody else is told of it; upkeep releases it later.
                    _ = answer.Exception;
                    unsure((Guid)id!);
                }
            },
            posting.Id,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Whether it is about what was asked (class 22: data; 23: constraints), or never left this process; then nothing was done.</summary>
    private static bool IsOfOne(Exception failure) => failure switch
    {
        BudgetLedgerLostException { InnerException: PostgresException { SqlState: ['2', '2' or '3', ..] } } => true,
        BudgetLedgerLostException => false,
        _ => true,
    };
}
