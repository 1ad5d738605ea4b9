using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using Microsoft.Extensions.Logging;

namespace AgentGate.Pipeline;

/// <summary>
/// The one way to an effect. Asks the request guards in their declared order, puts the intent on record, lets the effect
/// run with a permit, asks the response guards, puts the outcome on record, and only then lets the answer go.
/// </summary>
/// <remarks>
/// Thread-safe. A denial is a value, never an exception; <see cref="RunAsync"/> throws only when the caller cancels.
/// Doors translate to and from a <see cref="GateCall"/>; they contain no checks of their own.
/// </remarks>
public sealed class Gate
{
    /// <summary>The longest name of a model or tool, in UTF-16 code units.</summary>
    private const int NameLengthMax = 1024;

    /// <summary>
    /// All names of a call together. An entry of the log has at most 65,535 bytes where others can read it (C2SP <c>tlog-tiles</c>), and JSON
    /// may spell a code unit in six: a caller must not choose names that make the entries beside its own unreadable.
    /// </summary>
    private const int NamesLengthMax = 8192;

    /// <summary>What stands around a name.</summary>
    private const int NameOverhead = 32;

    private readonly GateGuards _guards;
    private readonly GateJournal _journal;
    private readonly GateHolds _holds;
    private readonly INameScreen? _names;

    internal Gate(
        IEnumerable<GuardDescriptor> guards,
        IDecisionRecorder recorder,
        GateOptions options,
        IIdSource ids,
        TimeProvider time,
        GateMetrics metrics,
        ILogger<Gate> logger,
        IRawBinding? rawBinding = null,
        INameScreen? names = null,
        IGateEvents? events = null,
        IDecisionCertifier? certifier = null,
        ISafetyQuorum? quorum = null,
        IGrantKnowledge? grants = null,
        IHeldCalls? held = null)
    {
        (Ids, Time) = (ids, time);
        _holds = new GateHolds(held, time, metrics, logger);
        _names = names;
        _guards = new GateGuards(guards, time, metrics, logger);
        _journal = new GateJournal(recorder, options, ids, time, metrics, logger, rawBinding, events, certifier, quorum, grants);
    }

    /// <summary>The guards of the request side, in the order they run.</summary>
    public ImmutableArray<GuardDescriptor> RequestGuards => _guards.Request;

    /// <summary>The guards of the response side, in the order they run.</summary>
    public ImmutableArray<GuardDescriptor> ResponseGuards => _guards.Response;

    /// <summary>Where the ids of calls come from, for doors that are handed a gate and nothing else.</summary>
    internal IIdSource Ids { get; }

    /// <summary>The clock, for the same doors.</summary>
    internal TimeProvider Time { get; }

    /// <summary>The catalogue that tools governed in process are added to, where there is one.</summary>
    internal IToolRegistry? Tools { get; init; }

    /// <summary>What else belongs to this gate, for extensions that are handed a gate and nothing else.</summary>
    internal IServiceProvider? Services { get; init; }

    /// <summary>Who may have guards skipped. Without it nobody.</summary>
    internal ISkipRules? Skips { get; init; }

    /// <summary>A service that was installed beside the gate, or <see langword="null"/>.</summary>
    internal T? Extension<T>()
        where T : class
        => (T?)Services?.GetService(typeof(T));

    /// <summary>Decides a call and, if it is allowed, runs its effect. A call that is held waits for a person, as long as is configured or its door says.</summary>
    /// <param name="call">The call.</param>
    /// <param name="effect">The effect; it runs at most once.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    /// <returns>What became of the call. The caller disposes a stream.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async ValueTask<GateResult> RunAsync(GateCall call, IEffect effect, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(effect);
        var result = await RunOnceAsync(call, effect, cancellationToken);
        if (result is not GateResult.Denied { Denial: { Kind: DenialKind.Held, ApprovalId: { } approval } } held)
        {
            return result;
        }

        // The call stays open after the wait: sent again as it is, it goes on when a person has approved it.
        return await _holds.WaitAsync(call, approval, cancellationToken) switch
        {
            HeldCallEnd.Approved => await RunOnceAsync(call with { ApprovalId = approval }, effect, cancellationToken),
            HeldCallEnd.Refused(var denial) => held.Because(denial),
            _ => held,
        };
    }

    private async ValueTask<GateResult> RunOnceAsync(GateCall call, IEffect effect, CancellationToken cancellationToken)
    {
        var unfit = UnfitNames(call);
        var run = _journal.Begin(unfit is null ? call : WithoutNames(call));
        try
        {
            return await RunCallAsync(run, unfit, effect, cancellationToken);
        }
        catch
        {
            // Whatever ended the call that way: what it reserved does not stay behind.
            await _journal.SettleAsync(run, run.Permit is { IsUsed: true } ? CallEndingKind.Unfinished : CallEndingKind.Nothing);
            throw;
        }
    }

    private async ValueTask<GateResult> RunCallAsync(GateRun run, string? unfit, IEffect effect, CancellationToken cancellationToken)
    {
        // 1. The request guards, in order; deny and hold end the chain, a transform feeds the next guard.
        Decision decision;
        try
        {
            decision = unfit is not null ? run.Decide(DecisionKind.Deny, new Denial(Codes.NameHoldsValues, unfit, DenialKind.Invalid))
                : GuardSkipping.Refusal(run.Call, Skips) is { } refused ? run.Decide(DecisionKind.Deny, refused)
                : await _holds.TakeAsync(run, cancellationToken) is { } gone ? run.Decide(DecisionKind.Deny, gone)
                : await DecideAsync(run, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            if (HoneyTouch.Of(run.Call, run.Scope) is null)
            {
                await _journal.AbandonedAsync(run);
            }
            else
            {
                // Whoever touches a honey token and hangs up is on record all the same.
                await _journal.RefusedAsync(run, run.Decide(DecisionKind.Deny, new Denial(Codes.HoneyTouched, "The call is not permitted.", DenialKind.Forbidden)));
            }

            throw;
        }

        if (decision.Denial is { } denial)
        {
            denial = await _journal.RefusedAsync(run, decision);
            if (denial.Kind == DenialKind.Held)
            {
                // On record first: nobody is asked about what cannot be proved.
                denial = await _holds.OpenAsync(run, denial, _journal.Shown(run), cancellationToken);
            }

            return new GateResult.Denied(run, decision, denial);
        }

        // 2. No record, no effect.
        if (await _journal.IntentAsync(run, decision, cancellationToken) is { } notRecorded)
        {
            return new GateResult.Denied(run, decision with { Kind = DecisionKind.Deny, Denial = notRecorded }, notRecorded);
        }

        // 3. The effect, with a permit that is good once.
        var result = await RunEffectAsync(run, effect, cancellationToken);

        // 4. and 5. The response guards and the outcome.
        return result switch
        {
            EffectResult.Streamed(var frames) => await OpenAsync(run, decision, frames),
            EffectResult.Complete complete => await CompleteAsync(run, decision, complete),
            EffectResult.Failed failed => await FailAsync(run, decision, failed),
            _ => throw new InvalidOperationException("The set of effect results is closed."),
        };
    }

    /// <summary>Why one of a call's names must not stand in a record, or <see langword="null"/>; whatever door it came through.</summary>
    private string? UnfitNames(GateCall call)
    {
        var also = call.AlsoRequires.IsDefault ? [] : call.AlsoRequires;
        var (longest, total, reads) = (call.Resource.Id.Length, call.Resource.Id.Length + NameOverhead, _names?.MayGoOnRecord(call.Resource.Id) is false);
        var controls = HoldsControls(call.Resource.Id);
        foreach (var (_, resource) in also)
        {
            controls |= HoldsControls(resource.Id);
            longest = Math.Max(longest, resource.Id.Length);
            total = (int)Math.Min(int.MaxValue, (long)total + resource.Id.Length + NameOverhead);
            reads |= longest <= NameLengthMax && _names?.MayGoOnRecord(resource.Id) is false;
        }

        return longest > NameLengthMax
                ? string.Create(CultureInfo.InvariantCulture, $"The name of a model or tool is longer than {NameLengthMax:N0} characters; names go on record, so choose a shorter one.")
            : total > NamesLengthMax
                ? string.Create(CultureInfo.InvariantCulture, $"The names of the tools a call needs are longer than {NamesLengthMax:N0} characters together; names go on record, so ask for fewer at once.")
            : controls
                ? "The name of a model or tool holds control characters, which no name has."
            : reads
                ? "The name of a model or tool holds what reads as personal data; names go on record, so choose another."
            : null;
    }

    /// <summary>What a log or a database would not take, or a reader would not see: C0 and C1 controls, and half characters.</summary>
    private static bool HoldsControls(ReadOnlySpan<char> name)
    {
        foreach (var rune in name.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar)
            {
                return true;
            }
        }

        return false;
    }

    private static GateCall WithoutNames(GateCall call) => call with { Resource = call.Resource with { Id = "(withheld)" }, AlsoRequires = [] };

    private async ValueTask<Decision> DecideAsync(GateRun run, CancellationToken cancellationToken)
    {
        foreach (var guard in _guards.Request)
        {
            if (run.Skips(guard))
            {
                continue;
            }

            var demand = ApprovalDemand.Of(run.Call, run.Scope);
            var answer = await _guards.AskAsync(guard, new GuardContext(run.Call, run.Scope), cancellationToken);
            if (guard.Shadow && ApprovalDemand.Of(run.Call, run.Scope) != demand)
            {
                // What a guard in shadow demands is not enforced either; what another demanded before stays.
                run.Scope.Set(demand ?? ApprovalDemand.None);
            }

            var (verdict, failure) = (answer.Verdict, default(GuardAnswer?));
            if (verdict is Verdict.Transform transform)
            {
                (run.Call, failure) = Apply(guard, run.Call, transform);
                verdict = failure?.Verdict ?? verdict;
            }

            run.Judged(failure?.Record ?? answer.Record);
            switch (verdict)
            {
                case Verdict.Deny(var code, var reason, var kind) deny:
                    return run.Decide(DecisionKind.Deny, new Denial(code, reason, kind, deny.RetryAfter) { Policies = deny.Policies });
                case Verdict.Hold(var code, var reason):
                    return run.Decide(DecisionKind.Hold, new Denial(code, reason, DenialKind.Held));
            }
        }

        // INVARIANT: the guards let a call through that lacks an approval only because one of them holds it; where none did, it is denied.
        return ApprovalDemand.Of(run.Call, run.Scope) is { } unheld
            ? run.Decide(DecisionKind.Deny, new Denial(unheld.Code, unheld.Reason, DenialKind.Forbidden))
            : run.Decide(DecisionKind.Allow, null);
    }

    private (GateCall Call, GuardAnswer? Failure) Apply(GuardDescriptor guard, GateCall call, Verdict.Transform transform)
    {
        try
        {
            return (call with { Content = call.Content.Apply(transform.Changes) }, null);
        }
        catch (Exception impossible)
        {
            return (call, _guards.Refuse(guard, impossible));
        }
    }

    private async ValueTask<EffectResult> RunEffectAsync(GateRun run, IEffect effect, CancellationToken cancellationToken)
    {
        EffectResult result;
        try
        {
            result = await effect.RunAsync(run.Permit!, cancellationToken)
                ?? new EffectResult.Failed(new Denial(Codes.EffectFailed, "The effect answered nothing.", DenialKind.Upstream));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await _journal.SettleAsync(run, Consumed(run));
            await _journal.OutcomeAsync(run, OutcomeKind.Cancelled, null);
            throw;
        }
        catch (Exception failure)
        {
            _journal.EffectFailed(run, failure);
            return new EffectResult.Failed(
                new Denial(Codes.EffectFailed, "The effect failed; nothing of its answer was kept. The server's log says why.", DenialKind.Upstream));
        }

        // What left must be what was judged: no permit used or no bytes recorded counts as other bytes.
        if (result is not EffectResult.Failed && run.Permit!.TransportDigest != run.Permit.ContentDigest)
        {
            if (result is EffectResult.Streamed(var frames))
            {
                await frames.DisposeAsync();
            }

            var code = run.Permit.TransportDigest is null ? Codes.PermitMisused : Codes.TransportDiffers;
            return new EffectResult.Failed(
                new Denial(code, "The bytes handed to the transport are not the content that was judged.", DenialKind.Unavailable));
        }

        return result;
    }

    private async ValueTask<GateResult> CompleteAsync(GateRun run, Decision decision, EffectResult.Complete complete)
    {
        run.Usage = complete.Usage;
        await _journal.SettleAsync(run, CallEndingKind.Answered, complete.Content);
        run.ObserveResponse(complete.Content.ToUtf8());
        var (content, denial) = await JudgeAsync(run, complete.Content);
        var outcome = denial is null ? OutcomeKind.Completed : OutcomeKind.Blocked;
        denial = await _journal.OutcomeAsync(run, outcome, denial) ?? denial;
        return denial is null
            ? new GateResult.Completed(run, decision, content)
            : new GateResult.Denied(run, decision, denial);
    }

    private async ValueTask<GateResult> FailAsync(GateRun run, Decision decision, EffectResult.Failed failed)
    {
        await _journal.SettleAsync(run, failed.NothingConsumed ? CallEndingKind.Nothing : Consumed(run), fate: CallFate.Failed);
        var (content, denial, outcome) = (failed.Content, failed.Denial, OutcomeKind.Failed);
        if (content is not null)
        {
            run.ObserveResponse(content.ToUtf8());
            var (judged, blocked) = await JudgeAsync(run, content);
            (content, denial, outcome) = blocked is null ? (judged, denial, outcome) : (null, blocked, OutcomeKind.Blocked);
        }

        if (await _journal.OutcomeAsync(run, outcome, denial) is { } notRecorded)
        {
            (content, denial) = (null, notRecorded);
        }

        return new GateResult.Failed(run, decision, denial, content);
    }

    /// <summary>An effect that did not even take its content reached nobody.</summary>
    private static CallEndingKind Consumed(GateRun run) => run.Permit!.IsUsed ? CallEndingKind.Unfinished : CallEndingKind.Nothing;

    /// <summary>Judges a complete answer. Deadlines bound it, the caller does not: an effect that ran always gets its outcome.</summary>
    private async ValueTask<(CallContent Content, Denial? Denial)> JudgeAsync(GateRun run, CallContent content)
    {
        foreach (var guard in _guards.Response)
        {
            if (run.Skips(guard))
            {
                continue;
            }

            var answer = await _guards.AskAsync(guard, new ResponseContext(run.Call, run.Scope, content), CancellationToken.None);
            if (answer.Verdict is Verdict.Transform(var changes))
            {
                try
                {
                    content = content.Apply(changes);
                }
                catch (Exception impossible)
                {
                    answer = _guards.Refuse(guard, impossible);
                }
            }

            run.Judged(answer.Record, isResponse: true);
            if (answer.Verdict is Verdict.Deny(var code, var reason, var kind) deny)
            {
                return (content, new Denial(code, reason, kind, deny.RetryAfter) { Policies = deny.Policies });
            }
        }

        return (content, null);
    }

    private async ValueTask<GateResult> OpenAsync(GateRun run, Decision decision, IEffectStream frames)
    {
        var opened = GateStream.Open(run, frames, _guards, _journal);
        if (opened.Denial is { } denial)
        {
            await frames.DisposeAsync();
            denial = await _journal.OutcomeAsync(run, OutcomeKind.Blocked, denial) ?? denial;
            return new GateResult.Denied(run, decision, denial);
        }

        return new GateResult.Streaming(run, decision, opened.Stream!);
    }
}
