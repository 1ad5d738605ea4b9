using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Diagnostics;

namespace AgentGate.Pipeline;

/// <summary>
/// A streamed answer on its way through the response guards. A block beats anything held back; the outcome is on record
/// before the protocol's last event goes on.
/// </summary>
/// <remarks>Read by one flow. Disposing it before its end stops the effect and records the call as cancelled.</remarks>
public sealed class GateStream : IAsyncDisposable
{
    private readonly GateRun _run;
    private readonly IEffectStream _frames;
    private readonly GateGuards _guards;
    private readonly GateJournal _journal;
    private readonly List<(GuardDescriptor Guard, IStreamGuard Stream)> _open;
    private bool _ended;

    private GateStream(
        GateRun run, IEffectStream frames, GateGuards guards, GateJournal journal, List<(GuardDescriptor Guard, IStreamGuard Stream)> open)
    {
        _run = run;
        _frames = frames;
        _guards = guards;
        _journal = journal;
        _open = open;
    }

    /// <summary>What the effect consumed, as far as known.</summary>
    public Usage? Usage => _frames.Usage;

    /// <summary>The certificate of the last decision so far: on the request, then on the answer if that was blocked.</summary>
    internal IssuedCertificate? Certificate => _run.Issued;

    internal static (GateStream? Stream, Denial? Denial) Open(GateRun run, IEffectStream frames, GateGuards guards, GateJournal journal)
    {
        var open = new List<(GuardDescriptor, IStreamGuard)>();
        foreach (var guard in guards.Response)
        {
            if (run.Skips(guard))
            {
                continue;
            }

            var (stream, failure) = guards.Open(guard, new ResponseContext(run.Call, run.Scope, null));
            if (failure is { } failed)
            {
                run.Judged(failed.Record, isResponse: true);
                if (failed.Verdict is Verdict.Deny(var code, var reason, var kind))
                {
                    return (null, new Denial(code, reason, kind));
                }
            }
            else if (stream is not null)
            {
                open.Add((guard, stream));
            }
        }

        frames.Observe(run.ObserveResponse);
        return (new GateStream(run, frames, guards, journal, open), null);
    }

    /// <summary>The next step. After <see cref="StreamStep.Ended"/> or <see cref="StreamStep.Done"/> there is nothing more.</summary>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async ValueTask<StreamStep> ReadAsync(CancellationToken cancellationToken)
    {
        if (_ended)
        {
            return StreamStep.Done.Instance;
        }

        StreamFrame? frame;
        try
        {
            frame = await _frames.ReadAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure)
        {
            _journal.EffectFailed(_run, failure);
            return await EndAsync(OutcomeKind.Failed, new Denial(Codes.EffectFailed, "The provider's stream broke off.", DenialKind.Upstream));
        }

        if (frame is null)
        {
            return await EndAsync(OutcomeKind.Failed, new Denial(Codes.EffectFailed, "The provider's stream ended before its last event.", DenialKind.Upstream));
        }

        _journal.Observe(_run, frame);
        if (await JudgeAsync(frame, cancellationToken) is { } denial)
        {
            return await EndAsync(OutcomeKind.Blocked, denial);
        }

        return frame.IsLast && await EndAsync(OutcomeKind.Completed, null) is StreamStep.Ended notRecorded
            ? notRecorded
            : new StreamStep.Frame(frame);
    }

    private async ValueTask<Denial?> JudgeAsync(StreamFrame frame, CancellationToken cancellationToken)
    {
        for (var index = 0; index < frame.Segments.Count; index++)
        {
            var segment = frame.Segments[index];
            var (replaced, replacedBy) = (default(string?), default(GuardDescriptor?));
            foreach (var (guard, stream) in _open)
            {
                var (verdict, failure) = await _guards.AskAsync(guard, stream, segment, cancellationToken);
                if (failure is { } failed)
                {
                    _run.Judged(failed.Record, isResponse: true);
                    if (failed.Verdict is Verdict.Deny(var failCode, var failReason, var failKind))
                    {
                        return new Denial(failCode, failReason, failKind);
                    }
                }

                switch (verdict)
                {
                    case StreamVerdict.Pass:
                        break;
                    case StreamVerdict.Replace(var text) when !guard.Shadow:
                        (replaced, replacedBy) = (text, guard);
                        segment = segment with { Text = text.AsMemory() };
                        break;
                    case StreamVerdict.Block(var code, var reason):
                        _run.Judged(
                            new VerdictRecord(guard.Name, "deny", code, guard.Shadow, false, _guards.FindingsOf(guard, stream), TimeSpan.Zero), isResponse: true);
                        if (!guard.Shadow)
                        {
                            return new Denial(code, reason, DenialKind.Forbidden);
                        }

                        break;
                }
            }

            if (replaced is not null && Replace(frame, index, replaced, replacedBy!) is { } impossible)
            {
                return impossible;
            }
        }

        return null;
    }

    private Denial? Replace(StreamFrame frame, int index, string text, GuardDescriptor guard)
    {
        try
        {
            frame.Replace(index, text);
            return null;
        }
        catch (Exception impossible)
        {
            // A piece that cannot be changed as asked must not go out unchanged, so this failure is never open.
            var refused = _guards.Refuse(guard with { FailOpen = false }, impossible);
            _run.Judged(refused.Record, isResponse: true);
            var (code, reason, kind) = (Verdict.Deny)refused.Verdict;
            return new Denial(code, reason, kind);
        }
    }

    private async ValueTask<StreamStep> EndAsync(OutcomeKind outcome, Denial? denial)
    {
        _ended = true;

        // First, so that nothing on the way to the outcome can keep the money from being settled.
        _run.Usage = _frames.Usage;
        await _journal.SettleAsync(
            _run, outcome == OutcomeKind.Completed ? CallEndingKind.Answered : CallEndingKind.Unfinished, fate: outcome == OutcomeKind.Failed ? CallFate.Failed : null);
        if (outcome != OutcomeKind.Completed)
        {
            await CloseAsync();
        }

        foreach (var (guard, stream) in _open)
        {
            if (_guards.FindingsOf(guard, stream) is { IsDefaultOrEmpty: false } findings)
            {
                _run.Judged(new VerdictRecord(guard.Name, "transform", null, guard.Shadow, false, findings, TimeSpan.Zero), isResponse: true);
            }
        }

        denial = await _journal.OutcomeAsync(_run, outcome, denial) ?? denial;
        return denial is null ? StreamStep.Done.Instance : new StreamStep.Ended(denial with { DecisionId = _run.Issued?.DecisionId });
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_ended)
        {
            await EndAsync(OutcomeKind.Cancelled, null);
        }

        await CloseAsync();
    }

    /// <summary>Closes the effect's side. What happens there must not keep the outcome from being written.</summary>
    private async ValueTask CloseAsync()
    {
        try
        {
            await _frames.DisposeAsync();
        }
        catch (Exception failure)
        {
            _journal.EffectFailed(_run, failure);
        }
    }
}
