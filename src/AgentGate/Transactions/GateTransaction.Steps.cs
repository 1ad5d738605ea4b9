using System.Collections.Immutable;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Transactions;

public sealed partial class GateTransaction
{
    private static readonly Denial s_over = new(
        Codes.TransactionOver, "The transaction of this call has ended, so nothing was done. Make the call after it was disposed.", DenialKind.Forbidden);

    private static readonly Denial s_notRecorded = new(
        Codes.StepNotRecorded, "The step could not be put down, so nothing was done. Try again when the store of transactions can be written.", DenialKind.Unavailable);

    private static readonly Denial s_takenOver = new(
        Codes.TransactionTakenOver, "The transaction was taken over by another process, which rolls it back; nothing was done.", DenialKind.Unavailable);

    /// <summary>Puts a step down, before its effect.</summary>
    /// <param name="call">The call.</param>
    /// <param name="input">What the tool gets, as judged: a JSON object.</param>
    /// <returns>The step, or why the effect must not run.</returns>
    internal async Task<(LiveStep? Step, Denial? Refusal)> BeginStepAsync(GateCall call, ReadOnlyMemory<byte> input)
    {
        lock (_root.Lock)
        {
            if (_state != TransactionState.Active || _isClosing)
            {
                return (null, s_over);
            }

            if (_root.StepCount >= _desk.Options.StepsMax)
            {
                return (null, new Denial(Codes.TransactionFull, $"The transaction has {_desk.Options.StepsMax} steps, as many as AgentGate:Transactions:StepsMax allows.", DenialKind.Forbidden));
            }

            if ((_root.Tenant ??= call.Principal.Tenant) != call.Principal.Tenant)
            {
                return (null, new Denial(Codes.StepOfOtherTenant, "The transaction belongs to another tenant; make this call in one of its own.", DenialKind.Forbidden));
            }

            _root.StepCount++;
            _running++;
        }

        var (step, refusal) = await PutDownAsync(call, input);
        if (step is null)
        {
            lock (_root.Lock)
            {
                _root.StepCount--;
                StepLeft();
            }
        }

        return (step, refusal);
    }

    /// <summary>Puts down how a step ended.</summary>
    /// <param name="step">The step.</param>
    /// <param name="state">Done or failed; begun where nobody knows.</param>
    /// <param name="output">What the tool gave, as JSON.</param>
    /// <param name="failure">What the tool threw.</param>
    /// <returns>Why the caller must not take the step for done, if so.</returns>
    internal async Task<Denial?> EndStepAsync(LiveStep step, StepState state, ReadOnlyMemory<byte>? output, Exception? failure)
    {
        var ended = step.Stored with { State = state, Output = output };
        var isWritten = state == StepState.Begun
            || await _desk.Journal.PutAsync(ended with { Input = null }, StepState.Begun, _root.Lease) is JournalResult.Written;
        lock (_root.Lock)
        {
            // A rollback that lost its patience may have settled it meanwhile; then the store refused.
            step.Stored = step.Stored.State == StepState.Begun ? ended : step.Stored;
            step.InStore = isWritten ? state : step.InStore;
            step.IsRunning = false;
            _cause = failure ?? _cause;
            _root.IsBroken |= !isWritten && state == StepState.Done;
            StepLeft();
        }

        return isWritten || state != StepState.Done
            ? null
            : new Denial(Codes.StepNotRecorded, "The step was done and that could not be put down; its transaction can only be rolled back.", DenialKind.Unavailable);
    }

    /// <summary>Remembers why a call in this transaction failed: the cause of its rollback, where no other is known.</summary>
    internal void Note(Exception failure)
    {
        lock (_root.Lock)
        {
            _cause = failure;
        }
    }

    private async Task<(LiveStep? Step, Denial? Refusal)> PutDownAsync(GateCall call, ReadOnlyMemory<byte> input)
    {
        if (await BegunAsync(call) is { } refusal)
        {
            return (null, refusal);
        }

        var tool = call.Resource.Id;
        StoredStep stored;
        LiveStep step;
        lock (_root.Lock)
        {
            stored = new StoredStep
            {
                CallId = call.Id,
                TransactionId = Id,
                RootId = _root.Lease.RootId,
                Tenant = call.Principal.Tenant,
                Principal = call.Principal.Id,
                Delegation = call.Context.DelegationRef,
                Seq = _root.NextSeq(),
                Tool = tool,
                Compensation = Declared(tool)?.Name,
                BegunAt = _desk.Time.GetUtcNow(),
                Input = input,
            };
            step = new LiveStep(stored);
        }

        var result = await _desk.Journal.PutAsync(stored, before: null, _root.Lease);
        if (result is not JournalResult.Written)
        {
            return (null, result is JournalResult.Refused ? s_takenOver : s_notRecorded);
        }

        lock (_root.Lock)
        {
            _steps.Add(step);
        }

        return (step, null);
    }

    /// <summary>Puts the transaction down with its first step: one without steps leaves nothing behind.</summary>
    private async Task<Denial?> BegunAsync(GateCall call)
    {
        Task<Denial?> begun;
        lock (_root.Lock)
        {
            begun = _begun ??= BeginAsync(call);
        }

        var refusal = await begun;
        if (refusal is not null)
        {
            lock (_root.Lock)
            {
                _begun = ReferenceEquals(_begun, begun) ? null : _begun;
            }
        }

        return refusal;
    }

    private async Task<Denial?> BeginAsync(GateCall call)
    {
        // On a thread of its own: the lock of the caller is not held while the store works.
        await Task.Yield();
        if (Outer is not null && await Outer.BegunAsync(call) is { } refusal)
        {
            return refusal;
        }

        var now = _desk.Time.GetUtcNow();
        var stored = new StoredTransaction
        {
            Id = Id,
            RootId = _root.Lease.RootId,
            ParentId = Outer?.Id,
            Tenant = call.Principal.Tenant,
            Principal = call.Principal.Id,
            Name = Name,
            BegunAt = now,
        };
        if (!await _desk.Acts.AppendAsync(stored, TransactionActs.Begun))
        {
            return new Denial(Codes.TransactionActNotRecorded, "That the transaction begins could not be put on record, so nothing was done.", DenialKind.Unavailable);
        }

        var result = await _desk.Journal.BeginAsync(stored, _root.Lease, now + _desk.Options.Lease);
        if (result is not JournalResult.Written)
        {
            return result is JournalResult.Refused ? s_takenOver : s_notRecorded;
        }

        lock (_root.Lock)
        {
            _stored = stored;
        }

        if (Outer is null)
        {
            _desk.Hold(Id, _root.EndsAt);
        }

        return null;
    }

    /// <summary>What undoes a tool here: what this transaction or one around it says, else the tool; one that only reads needs nothing. Holds the lock.</summary>
    private Compensation? Declared(string tool)
    {
        for (var one = this; one is not null; one = one.Outer)
        {
            if (one._own.TryGetValue(tool, out var own))
            {
                return own;
            }
        }

        return _desk.Registry.OfTool(tool)
            ?? (Gate.Tools?.DeclarationOf(tool)?.Effects is { Length: > 0 } effects && effects.All(effect => effect == GateActions.Read) ? Compensation.Nothing : null);
    }

    private async Task RenameAsync(LiveStep step, string compensation)
    {
        StoredStep renamed;
        lock (_root.Lock)
        {
            renamed = step.Stored with { Compensation = compensation };
        }

        if (await _desk.Journal.PutAsync(renamed with { Input = null, Output = null }, renamed.State, _root.Lease) is not JournalResult.Written)
        {
            throw new InvalidOperationException($"{Codes.StepNotRecorded}: what undoes the step {renamed.CallId} could not be put down.");
        }

        lock (_root.Lock)
        {
            step.Stored = step.Stored with { Compensation = compensation };
        }
    }

    /// <summary>Holds the lock.</summary>
    private void StepLeft()
    {
        if (--_running == 0)
        {
            _idle?.TrySetResult();
            _idle = null;
        }
    }

    /// <summary>Waits until no step runs, for a while.</summary>
    private async Task<bool> IdleAsync()
    {
        ImmutableArray<Task> waits;
        lock (_root.Lock)
        {
            waits = [.. Open().Where(one => one._running > 0).Select(one => (one._idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task)];
        }

        try
        {
            await Task.WhenAll(waits).WaitAsync(_desk.Options.StepPatience, _desk.Time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>This transaction and those inside it that have not ended. Holds the lock.</summary>
    private IEnumerable<GateTransaction> Open() => _inner.SelectMany(one => one.Open()).Prepend(this);
}
