using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using Microsoft.Extensions.Logging;

namespace AgentGate.Pipeline;

/// <summary>
/// What a call leaves behind, and nothing else: <c>denied</c>, or <c>held</c>, or exactly one <c>intent</c> directly
/// before the effect and exactly one <c>outcome</c> after it. The last entry of a call carries its trace.
/// </summary>
internal sealed partial class GateJournal(
    IDecisionRecorder recorder,
    GateOptions options,
    IIdSource ids,
    TimeProvider time,
    GateMetrics metrics,
    ILogger<Gate> logger,
    IRawBinding? rawBinding,
    IGateEvents? events = null,
    IDecisionCertifier? certifier = null,
    ISafetyQuorum? quorum = null,
    IGrantKnowledge? grants = null)
{
    private readonly GateVotes _votes = new(quorum, metrics, logger);

    /// <summary>Starts a call.</summary>
    public GateRun Begin(GateCall call)
    {
        var salt = new byte[32];
        ids.Fill(salt);
        var activity = GateMetrics.Activities.StartActivity(call.Action, ActivityKind.Internal);
        activity?.SetTag("gen_ai.operation.name", call.Action)
            .SetTag("gen_ai.request.model", call.Resource.Type == EntityRef.ModelType ? call.Resource.Id : null)
            .SetTag("gen_ai.provider.name", call.Targets.IsDefaultOrEmpty ? null : call.Targets[0].Provider)
            .SetTag("agentgate.door", call.Door)
            .SetTag("agentgate.call.id", call.Id)
            .SetTag("agentgate.tenant", call.Principal.Tenant);
        var run = new GateRun(call, salt, time.GetTimestamp(), activity, CallEvents.For(call, events, time, metrics));
        run.Events?.Tell(new GateFact.Started(call.Door, call.Action, call.Resource, call.Context.SkippedGuards));
        return run;
    }

    /// <summary>Ends a call whose caller went away before anything was decided: nothing is left behind.</summary>
    public async ValueTask AbandonedAsync(GateRun run)
    {
        await SettleAsync(run, CallEndingKind.Nothing);
        End(run, "cancelled");
    }

    /// <summary>
    /// Settles what the call reserved, once; every way out of the gate comes through here. A settlement that fails leaves
    /// the reservation to its lease, and the record charges it in full.
    /// </summary>
    /// <param name="run">The call.</param>
    /// <param name="how">How it ended, as far as money is concerned.</param>
    /// <param name="answer">The whole answer, when there is one.</param>
    /// <param name="fate">How it ended for what guards hold, where <paramref name="how"/> does not say it.</param>
    public async ValueTask SettleAsync(GateRun run, CallEndingKind how, CallContent? answer = null, CallFate? fate = null)
    {
        await EndHoldsAsync(run, fate ?? how switch { CallEndingKind.Nothing => CallFate.NotRun, CallEndingKind.Answered => CallFate.Completed, _ => CallFate.Uncertain });
        if (run.IsSettled || run.Scope.Charge is not { } charge)
        {
            return;
        }

        run.IsSettled = true;
        try
        {
            (run.Usage, run.Charged) = await charge.SettleAsync(new CallEnding(how, run.Usage, answer));
        }
        catch (Exception failure)
        {
            run.Charged = charge.Reserved;
            metrics.RecordFailure("settlement");
            Log.NotSettled(logger, Codes.NotSettled, run.Call.Id, failure.GetType().FullName, failure.StackTrace);
        }
    }

    /// <summary>Shows a streamed piece to the call's charge. A count that fails must not end the answer.</summary>
    public void Observe(GateRun run, StreamFrame frame)
    {
        try
        {
            run.Scope.Charge?.Observe(frame);
        }
        catch (Exception failure)
        {
            Log.NotSettled(logger, Codes.NotSettled, run.Call.Id, failure.GetType().FullName, failure.StackTrace);
        }
    }

    /// <summary>Records a denial or a hold. A record that fails leaves the call denied and says so.</summary>
    public async ValueTask<Denial> RefusedAsync(GateRun run, Decision decision)
    {
        await SettleAsync(run, CallEndingKind.Nothing, fate: decision.Kind == DecisionKind.Hold ? CallFate.Held : CallFate.NotRun);
        var denial = decision.Denial!;
        var (isMade, certified) = Certify(run, decision, denial.Code, contentDigest: null);
        if (!isMade && decision.Kind == DecisionKind.Hold)
        {
            // A person must not be asked about what cannot be proved; the denial stands on record without a certificate.
            denial = NotCertified;
            decision = decision with { Kind = DecisionKind.Deny, Denial = denial };
        }

        var kind = decision.Kind == DecisionKind.Hold ? EntryKind.Held : EntryKind.Denied;
        metrics.Decision(run.Call, decision.Kind, denial.Code);
        var entry = Naming(Entry(run, kind, decision) with { Code = denial.Code }, certified);
        var recorded = await AppendAsync(entry, Trace(run, decision.Kind, denial, null), run, certified);
        End(run, denial.Code);
        denial = recorded
            ? denial
            : new Denial(Codes.DecisionNotRecorded, "The call was denied, and the denial could not be put on record.", DenialKind.Unavailable);
        run.Events?.Tell(new GateFact.Decided(recorded ? decision.Kind : DecisionKind.Deny, denial));
        return denial;
    }

    /// <summary>Makes the permit and records the intent. <see langword="null"/> when the effect may run.</summary>
    public async ValueTask<Denial?> IntentAsync(GateRun run, Decision decision, CancellationToken cancellationToken)
    {
        run.Permit = new Permit(run.Call.Id, run.Call.Content, run.Salt, run.Call.Targets) { IsUnmasked = run.IsUnmasked };
        if (cancellationToken.IsCancellationRequested)
        {
            await AbandonedAsync(run);
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (Binding(run) is not (true, var binding))
        {
            var unbound = new Denial(
                Codes.IntentNotRecorded, "The content could not be bound to its PII session, so nothing was done.", DenialKind.Unavailable);
            run.Permit = null;
            return await RefusedAsync(run, decision with { Kind = DecisionKind.Deny, Denial = unbound });
        }

        var digest = LoggedDigest(run);
        Denial? refused;
        try
        {
            refused = await _votes.AskAsync(run, decision, digest, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await AbandonedAsync(run);
            throw;
        }

        refused ??= Lapsed(run, decision);
        if (refused is not null)
        {
            run.Permit = null;
            return await RefusedAsync(run, decision with { Kind = DecisionKind.Deny, Denial = refused });
        }

        if (Certify(run, decision, null, digest) is not (true, var certified))
        {
            run.Permit = null;
            return await RefusedAsync(run, decision with { Kind = DecisionKind.Deny, Denial = NotCertified });
        }

        metrics.Decision(run.Call, DecisionKind.Allow, null);
        var entry = Naming(Entry(run, EntryKind.Intent, decision), certified) with
        {
            ContentDigest = digest,
            RawBinding = binding,
            Targets = run.Call.Targets,
            Budgets = run.Scope.Charge?.Reserved ?? [],
        };
        if (await AppendAsync(entry, null, run, certified, () => NeverRan(run, decision)))
        {
            TellSent(run);
            return null;
        }

        await SettleAsync(run, CallEndingKind.Nothing);
        End(run, Codes.IntentNotRecorded);
        var notRecorded = new Denial(
            Codes.IntentNotRecorded, "The intent could not be put on record, so nothing was done. Try again when the log is writable.", DenialKind.Unavailable);
        run.Events?.Tell(new GateFact.Decided(DecisionKind.Deny, notRecorded));
        return notRecorded;
    }

    private void TellSent(GateRun run)
    {
        if (run.Events is { } told)
        {
            told.Tell(new GateFact.Decided(DecisionKind.Allow, null));
            var (text, cut) = Sent(run);
            told.Tell(new GateFact.Sent(text, cut));
        }
    }

    /// <summary>Records the outcome. A denial when the answer must be withheld because the record failed.</summary>
    public async ValueTask<Denial?> OutcomeAsync(GateRun run, OutcomeKind outcome, Denial? denial)
    {
        await SettleAsync(run, CallEndingKind.Unfinished);
        var digest = LoggedDigest(run);

        // What is held back of an answer is a decision too; an effect that failed by itself is none.
        var certified = denial is { Kind: not DenialKind.Upstream }
            ? Certify(run, run.Decide(DecisionKind.Deny, denial), denial.Code, digest, isResponse: true).Certified
            : null;
        var entry = Naming(Entry(run, EntryKind.Outcome, run.Decide(certified is null ? DecisionKind.Allow : DecisionKind.Deny, null)), certified) with
        {
            Code = denial?.Code,
            Outcome = outcome,
            ContentDigest = digest,
            TransportDigest = Masked(run) is null ? run.Permit?.TransportDigest : null,
            ResponseDigest = run.ResponseDigest(),
            Targets = run.Call.Targets,
            Usage = run.Usage,
            Budgets = run.Charged,
        };
        metrics.Outcome(run.Call, Provider(run), outcome, time.GetElapsedTime(run.StartedAt), run.Usage);
        var recorded = await AppendAsync(entry, Trace(run, DecisionKind.Allow, denial, outcome), run, certified);
        await (recorded ? ValueTask.CompletedTask : KeepChargeAsync(run));
        End(run, denial?.Code);
        var withheld = recorded
            ? null
            : new Denial(Codes.OutcomeNotRecorded, "The outcome could not be put on record, so the answer is withheld.", DenialKind.Unavailable);
        run.Events?.Tell(new GateFact.Ended(outcome, withheld ?? denial, run.Usage, time.GetElapsedTime(run.StartedAt)));
        return withheld;
    }

    /// <summary>Logs an effect's failure without its message, which may quote content.</summary>
    public void EffectFailed(GateRun run, Exception failure)
        => Log.EffectFailed(logger, Codes.EffectFailed, run.Call.Id, failure.GetType().FullName, failure.StackTrace);

    private async ValueTask<bool> AppendAsync(
        LogEntryBody entry,
        CallTrace? trace,
        GateRun run,
        CertifiedDecision? certified = null,
        Func<LogEntryBody>? whenLate = null)
    {
        Task<CertificateSeal?>? pending = null;
        try
        {
            // No token: what is on its way to the record is waited for, whoever goes away.
            var record = new DecisionRecord(entry) { Trace = trace, Certificate = certified?.Certificate, Evidence = certified?.Evidence };
            var append = recorder.AppendAsync(record, CancellationToken.None);
            CertificateSeal? seal;
            if (append.IsCompletedSuccessfully)
            {
                seal = append.Result;
            }
            else
            {
                pending = append.AsTask();
                seal = await pending.WaitAsync(options.RecordDeadline, time);
            }

            Issue(run, certified, seal);
            return true;
        }
        catch (Exception failure)
        {
            if (whenLate is not null && pending is { IsCompleted: false })
            {
                _ = FollowAsync(pending, run, whenLate);
            }

            metrics.RecordFailure(entry.Kind.ToString().ToLowerInvariant());
            Log.NotRecorded(logger, entry.Kind, entry.CallId, failure);
            return false;
        }
    }

    /// <summary>An intent that was given up on may still be stored later; its call must not stay open then.</summary>
    private async Task FollowAsync(Task pending, GateRun run, Func<LogEntryBody> whenLate)
    {
        try
        {
            await pending;
        }
        catch (Exception)
        {
            // It was never stored: nothing is open.
            return;
        }

        await AppendAsync(whenLate(), null, run);
    }

    /// <summary>The outcome of a call whose intent came too late for its effect.</summary>
    private LogEntryBody NeverRan(GateRun run, Decision decision)
        => Entry(run, EntryKind.Outcome, decision) with { Code = Codes.IntentNotRecorded, Outcome = OutcomeKind.Failed, Targets = run.Call.Targets, Budgets = Released(run) };

    /// <summary>The reservations of an effect that never ran, charged with nothing.</summary>
    private static ImmutableArray<BudgetPosting> Released(GateRun run)
        => run.Scope.Charge is { Reserved: var reserved } ? [.. reserved.Select(posting => posting with { NanoUsd = 0 })] : [];

    private LogEntryBody Entry(GateRun run, EntryKind kind, Decision decision) => new()
    {
        Id = ids.NewId(),
        Kind = kind,
        At = time.GetUtcNow(),
        Tenant = run.Call.Principal.Tenant,
        CallId = run.Call.Id,
        ParentCallId = run.Call.ParentId,
        Door = run.Call.Door,
        Principal = run.Call.Principal.Id,
        Action = run.Call.Action,
        Resource = run.Call.Resource,
        AlsoRequired = run.Call.AlsoRequires,
        Decision = decision.Kind,
        Verdicts = decision.Verdicts,
        Unread = run.Call.Content.UnreadKinds,
    };

    private CallTrace Trace(GateRun run, DecisionKind decision, Denial? denial, OutcomeKind? outcome)
    {
        var (sent, cut) = Sent(run);
        return new CallTrace
        {
            CallId = run.Call.Id,
            ParentCallId = run.Call.ParentId,
            Tenant = run.Call.Principal.Tenant,
            Door = run.Call.Door,
            Principal = run.Call.Principal.Id,
            Action = run.Call.Action,
            Resource = run.Call.Resource,
            StartedAt = run.Call.Context.At,
            Duration = time.GetElapsedTime(run.StartedAt),
            Decision = decision,
            Code = denial?.Code,
            Reason = denial?.Reason,
            Verdicts = [.. run.Verdicts],
            Sent = sent,
            SentCut = cut,
            Salt = run.Permit is null || run.IsUnmasked ? null : Convert.ToHexStringLower(run.Salt),
            Outcome = outcome,
            Usage = run.Usage,
            Targets = run.Permit is null ? [] : run.Call.Targets,
            Unread = run.Call.Content.UnreadKinds,
        };
    }

    /// <summary>What left, as text. A tool call that was released with values in it shows the form before they were put back.</summary>
    private (string? Text, bool Cut) Sent(GateRun run)
    {
        // INVARIANT: of what left unmasked neither the text nor the salt of its digest is kept: there is nothing to guess it from.
        if (run.Permit is null || run.IsUnmasked)
        {
            return (null, false);
        }

        var bytes = (Masked(run) ?? run.Call.Content).ToUtf8().Span;
        var cut = bytes.Length > options.TraceBytesMax;
        return (Encoding.UTF8.GetString(cut ? bytes[..options.TraceBytesMax] : bytes), cut);
    }

    /// <summary>The form with tokens, when the effect gets values. The log never holds a digest of raw content.</summary>
    private static CallContent? Masked(GateRun run)
        => run.Scope.Find<TraceContent>() is { } traced && traced.CallId == run.Call.Id ? traced.Content : null;

    private static string? LoggedDigest(GateRun run)
        => Masked(run) is { } masked ? Permit.Digest(run.Salt, masked.ToUtf8().Span) : run.Permit?.ContentDigest;

    private (bool Bound, string? Binding) Binding(GateRun run)
    {
        try
        {
            return (true, rawBinding?.Bind(run.Scope, run.Raw));
        }
        catch (Exception failure)
        {
            metrics.RecordFailure("binding");
            Log.NotRecorded(logger, EntryKind.Intent, run.Call.Id, failure);
            return (false, null);
        }
    }

    private static string Provider(GateRun run) => run.Call.Targets.IsDefaultOrEmpty ? "none" : run.Call.Targets[0].Provider;

    private static void End(GateRun run, string? code)
    {
        run.Activity?.SetTag("agentgate.code", code);
        run.Activity?.SetStatus(code is null ? ActivityStatusCode.Ok : ActivityStatusCode.Error, code);
        run.Activity?.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1010, Level = LogLevel.Critical, Message = "An entry could not be put on record: {Kind} of call {CallId}. The gate is closed for it.")]
        public static partial void NotRecorded(ILogger logger, EntryKind kind, string? callId, Exception failure);

        [LoggerMessage(EventId = 1013, Level = LogLevel.Error, Message = "{Code}: the charge of call {CallId} could not be settled ({Failure}); its reservation is charged. {Stack}")]
        public static partial void NotSettled(ILogger logger, string code, string callId, string? failure, string? stack);

        [LoggerMessage(EventId = 1009, Level = LogLevel.Error, Message = "{Code}: the effect of call {CallId} failed ({Failure}). {Stack}")]
        public static partial void EffectFailed(ILogger logger, string code, string callId, string? failure, string? stack);
    }
}
