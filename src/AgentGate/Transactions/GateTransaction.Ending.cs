using System.Collections.Immutable;
using AgentGate.Diagnostics;

namespace AgentGate.Transactions;

public sealed partial class GateTransaction
{
    /// <summary>Commits.</summary>
    /// <returns>What stood in the way, or <see langword="null"/>.</returns>
    private async Task<Exception?> CommitOnceAsync()
    {
        if (!await IdleAsync())
        {
            return new TimeoutException("A step of the transaction still runs.");
        }

        var target = Outer is null ? TransactionState.Committed : TransactionState.Joined;
        StoredTransaction? stored;
        lock (_root.Lock)
        {
            if (_root.IsBroken)
            {
                return new IOException($"{Codes.TransactionStoreLost}: a step was done and that could not be put down.");
            }

            stored = _stored;
        }

        if (stored is not null)
        {
            if (!await _desk.Acts.AppendAsync(stored, TransactionActs.Committed, Outer is null ? null : TransactionActs.IntoOuter))
            {
                return new IOException($"{Codes.TransactionActNotRecorded}: that the transaction is committed could not be put on record.");
            }

            // A write that was lost may have been made: what is stored counts.
            var result = await _desk.Journal.MoveAsync([Id], target, _desk.Time.GetUtcNow(), _root.Lease);
            if (result is not JournalResult.Written && await _desk.Journal.StateOfAsync(stored.Tenant, Id) != target)
            {
                return new IOException(result is JournalResult.Refused
                    ? $"{Codes.TransactionTakenOver}: the transaction was taken over by another process, which rolls it back."
                    : $"{Codes.TransactionStoreLost}: the store of transactions could not be written.");
            }
        }

        Committed(target);
        if (stored is not null)
        {
            _desk.Committed(stored, target);
        }

        return null;
    }

    private void Committed(TransactionState target)
    {
        lock (_root.Lock)
        {
            _state = target;
            if (Outer is { } outer)
            {
                foreach (var step in _steps)
                {
                    step.Stored = step.Stored with { TransactionId = outer.Id };
                }

                outer._steps.AddRange(_steps);
                outer._inner.Remove(this);
                return;
            }
        }

        _desk.Release(Id);
    }

    /// <summary>Lets no more steps in, here and inside, and prepares the one rollback. Holds the lock.</summary>
    private Lazy<Task<TransactionReport>> CloseForRollback()
    {
        foreach (var one in Open())
        {
            one._isClosing = true;
            one._state = one._state == TransactionState.Active ? TransactionState.RollingBack : one._state;
        }

        return _rollback ??= new Lazy<Task<TransactionReport>>(RollBackOnceAsync);
    }

    private async Task<TransactionReport> RollBackOnceAsync()
    {
        // What compensations do is no step of anything.
        AmbientTransaction.Clear();
        ImmutableArray<Task<TransactionReport>> begunInside;
        lock (_root.Lock)
        {
            begunInside = [.. Open().Skip(1).Select(one => one._rollback?.Value).OfType<Task<TransactionReport>>()];
        }

        await Task.WhenAll(begunInside);
        await IdleAsync();
        ImmutableArray<GateTransaction> open;
        ImmutableArray<LiveStep> steps;
        lock (_root.Lock)
        {
            open = [.. Open()];
            steps = [.. open.SelectMany(one => one._steps).OrderByDescending(step => step.Stored.Seq)];
        }

        var stored = open.Where(one => one._stored is not null).ToList();
        if (stored.Count == 0)
        {
            return Ended(open, new TransactionReport(Id, Name, []));
        }

        string[] ids = [.. stored.Select(one => one.Id)];
        var begun = await _desk.Journal.MoveAsync(ids, TransactionState.RollingBack, _desk.Time.GetUtcNow(), _root.Lease);
        var lines = ImmutableArray.CreateBuilder<StepReport>(steps.Length);
        foreach (var step in steps)
        {
            lines.Add(begun is JournalResult.Written ? await UndoAsync(step) : StepRules.Report(step.Stored, StepEnding.Deferred) with { Code = Codes.TransactionStoreLost });
        }

        var report = new TransactionReport(Id, Name, lines.ToImmutable());
        await ToldAsync(stored[0]._stored!, ids, report);
        return Ended(open, report);
    }

    private async Task<StepReport> UndoAsync(LiveStep live)
    {
        StoredStep step;
        bool stillRuns;
        lock (_root.Lock)
        {
            (step, stillRuns) = (live.Stored, live.IsRunning);
        }

        var line = await CatchUpAsync(live, step)
            ? await _desk.Undo.RunAsync(Gate, step, _desk.Registry.Of(step), _root.Lease, stillRuns)
            : StepRules.Report(step, StepEnding.Deferred) with { Code = Codes.TransactionStoreLost };
        lock (_root.Lock)
        {
            live.Stored = live.Stored with { State = line.IsUndone ? StepState.Undone : line.Ending is StepEnding.Deferred ? live.Stored.State : StepState.NotUndone };
        }

        return line;
    }

    /// <summary>Puts down what a write that was lost should have: how the step ended. Nobody knows whether that write was made.</summary>
    private async Task<bool> CatchUpAsync(LiveStep live, StoredStep step)
    {
        if (live.InStore == step.State)
        {
            return true;
        }

        var known = step with { Input = null };
        return await _desk.Journal.PutAsync(known, live.InStore, _root.Lease) is JournalResult.Written
            || await _desk.Journal.PutAsync(known, step.State, _root.Lease) is JournalResult.Written;
    }

    private async Task ToldAsync(StoredTransaction stored, IReadOnlyCollection<string> ids, TransactionReport report)
    {
        bool isDeferred;
        lock (_root.Lock)
        {
            _root.IsDeferred |= report.Steps.Any(step => step.Ending is StepEnding.Deferred);
            _root.IsBroken |= _root.IsDeferred;
            isDeferred = _root.IsDeferred;
        }

        if (!isDeferred)
        {
            // First on record and then stored: whoever resumes in between says it twice rather than never.
            var state = report.IsComplete ? TransactionState.RolledBack : TransactionState.NotUndone;
            await _desk.Acts.AppendAsync(stored, TransactionActs.RolledBack, TransactionWords.Of(state), TransactionFailedException.CodeOf(report));
            await _desk.Journal.MoveAsync(ids, state, _desk.Time.GetUtcNow(), _root.Lease);
        }

        await _desk.ToldAsync(stored, report);
    }

    private TransactionReport Ended(ImmutableArray<GateTransaction> open, TransactionReport report)
    {
        lock (_root.Lock)
        {
            foreach (var one in open)
            {
                one._state = report.IsComplete ? TransactionState.RolledBack : TransactionState.NotUndone;
            }

            Outer?._inner.Remove(this);
        }

        if (Outer is null)
        {
            _desk.Release(Id);
        }

        return report;
    }
}
