using System.Collections.Immutable;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using Microsoft.Extensions.Logging;

namespace AgentGate.Pipeline;

/// <summary>
/// Runs one guard and turns whatever happens into a verdict record and, where it must, a denial. The only catch around a
/// guard: a guard that throws, hangs or answers nonsense closes the gate.
/// </summary>
internal sealed partial class GateGuards(IEnumerable<GuardDescriptor> guards, TimeProvider time, GateMetrics metrics, ILogger<Gate> logger)
{
    /// <summary>The most findings of one guard in a record. A body can hold a million places; an entry cannot.</summary>
    private const int FindingsMax = 256;

    /// <summary>The request side, in order.</summary>
    public ImmutableArray<GuardDescriptor> Request { get; } =
        [.. guards.Where(guard => guard.Request is not null).OrderBy(guard => guard.Order)];

    /// <summary>The response side: Budgets settles first, then in order, so that Pii restores last.</summary>
    public ImmutableArray<GuardDescriptor> Response { get; } =
        [.. guards.Where(guard => guard.Response is not null).OrderBy(guard => guard.Order == GuardOrder.Budgets ? 0 : guard.Order)];

    /// <summary>Asks a guard about a request.</summary>
    public ValueTask<GuardAnswer> AskAsync(GuardDescriptor guard, GuardContext context, CancellationToken cancellationToken)
        => AskAsync(guard, static (g, state, ct) => g.Request!.InspectAsync(state, ct), context, isResponse: false, cancellationToken);

    /// <summary>Asks a guard about a complete answer.</summary>
    public ValueTask<GuardAnswer> AskAsync(GuardDescriptor guard, ResponseContext context, CancellationToken cancellationToken)
        => AskAsync(guard, static (g, state, ct) => g.Response!.InspectAsync(state, ct), context, isResponse: true, cancellationToken);

    /// <summary>Opens a guard's side of a stream.</summary>
    public (IStreamGuard? Stream, GuardAnswer? Failure) Open(GuardDescriptor guard, ResponseContext context)
    {
        try
        {
            return (guard.Response!.OpenStream(context), null);
        }
        catch (Exception failure)
        {
            return (null, Fail(guard, Codes.GuardFailed, "threw", failure, time.GetTimestamp()));
        }
    }

    /// <summary>Asks a guard about a piece of a stream.</summary>
    public async ValueTask<(StreamVerdict Verdict, GuardAnswer? Failure)> AskAsync(
        GuardDescriptor guard, IStreamGuard stream, StreamSegment segment, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            var asked = stream.InspectAsync(segment, cancellationToken);
            var verdict = asked.IsCompletedSuccessfully
                ? asked.Result
                : await asked.AsTask().WaitAsync(guard.Deadline, time, cancellationToken);
            return verdict switch
            {
                _ when time.GetElapsedTime(started) > guard.Deadline
                    => (StreamVerdict.Passed, Fail(guard, Codes.GuardTimedOut, "passed its deadline", null, started)),
                null => (StreamVerdict.Passed, Fail(guard, Codes.GuardAnsweredNonsense, "answered nothing", null, started)),
                StreamVerdict.Replace { Text: null } or not (StreamVerdict.Pass or StreamVerdict.Replace or StreamVerdict.Block)
                    => (StreamVerdict.Passed, Fail(guard, Codes.GuardAnsweredNonsense, "answered something else than a verdict", null, started)),
                _ => (verdict, null),
            };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (TimeoutException)
        {
            return (StreamVerdict.Passed, Fail(guard, Codes.GuardTimedOut, "passed its deadline", null, started));
        }
        catch (Exception failure)
        {
            return (StreamVerdict.Passed, Fail(guard, Codes.GuardFailed, "threw", failure, started));
        }
    }

    /// <summary>What a guard noticed in a stream. A guard that cannot say is logged; the outcome is written all the same.</summary>
    public ImmutableArray<Finding> FindingsOf(GuardDescriptor guard, IStreamGuard stream)
    {
        try
        {
            return Bounded(stream.Findings);
        }
        catch (Exception failure)
        {
            Log.GuardFailed(logger, guard.Name, "threw", Codes.GuardFailed, failure);
            return [];
        }
    }

    private async ValueTask<GuardAnswer> AskAsync<TState>(
        GuardDescriptor guard,
        Func<GuardDescriptor, TState, CancellationToken, ValueTask<Verdict>> ask,
        TState state,
        bool isResponse,
        CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            var asked = ask(guard, state, cancellationToken);
            var verdict = asked.IsCompletedSuccessfully
                ? asked.Result
                : await asked.AsTask().WaitAsync(guard.Deadline, time, cancellationToken);

            // A guard that worked on the caller's thread all the while cannot be cut off; it is too late all the same.
            return verdict switch
            {
                _ when time.GetElapsedTime(started) > guard.Deadline => Fail(guard, Codes.GuardTimedOut, "passed its deadline", null, started),
                null => Fail(guard, Codes.GuardAnsweredNonsense, "answered nothing", null, started),
                Verdict.Hold when isResponse => Fail(guard, Codes.GuardAnsweredNonsense, "held an answer", null, started),
                _ => Answer(guard, verdict, started),
            };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (TimeoutException)
        {
            return Fail(guard, Codes.GuardTimedOut, "passed its deadline", null, started);
        }
        catch (Exception failure)
        {
            return Fail(guard, Codes.GuardFailed, "threw", failure, started);
        }
    }

    /// <summary>Makes a failure of what a guard asked for and the content refused.</summary>
    public GuardAnswer Refuse(GuardDescriptor guard, Exception failure)
        => Fail(guard, Codes.GuardAnsweredNonsense, "asked for a change that cannot be made", failure, time.GetTimestamp());

    private GuardAnswer Answer(GuardDescriptor guard, Verdict verdict, long started)
    {
        var elapsed = time.GetElapsedTime(started);
        var (answer, code) = verdict switch
        {
            Verdict.Allow => ("allow", null),
            Verdict.Transform => ("transform", null),
            Verdict.Hold hold => ("hold", hold.Code),
            Verdict.Deny deny => ("deny", deny.Code),
            _ => throw new InvalidOperationException("The set of verdicts is closed."),
        };
        metrics.Verdict(guard.Name, answer, code, elapsed);
        var record = new VerdictRecord(guard.Name, answer, code, guard.Shadow, false, Bounded(verdict.Findings), elapsed);
        return new GuardAnswer(guard.Shadow ? Verdict.Allowed : verdict, record);
    }

    private static ImmutableArray<Finding> Bounded(ImmutableArray<Finding> findings)
        => findings.IsDefault ? []
            : findings.Length <= FindingsMax ? findings
            : [.. findings[..FindingsMax], new Finding("more", null, findings[FindingsMax..].Sum(finding => finding?.Count ?? 0))];

    private GuardAnswer Fail(GuardDescriptor guard, string code, string what, Exception? failure, long started)
    {
        var elapsed = time.GetElapsedTime(started);
        metrics.Verdict(guard.Name, "failed", code, elapsed);
        Log.GuardFailed(logger, guard.Name, what, code, failure);
        var open = guard.FailOpen || guard.Shadow;
        var record = new VerdictRecord(guard.Name, "failed", code, guard.Shadow, guard.FailOpen, [], elapsed);
        Verdict verdict = open
            ? Verdict.Allowed
            : new Verdict.Deny(code, $"The guard {guard.Name} {what}; the gate is closed for this call.", DenialKind.Unavailable);
        return new GuardAnswer(verdict, record);
    }

    private static partial class Log
    {
        // The exception's message may quote what the guard read, so its type and stack are logged and its message is not.
        public static void GuardFailed(ILogger logger, string guard, string what, string code, Exception? failure)
            => GuardFailed(logger, guard, what, code, failure?.GetType().FullName, failure?.StackTrace);

        [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "{Code}: the guard {Guard} {What} ({Failure}). {Stack}")]
        private static partial void GuardFailed(ILogger logger, string guard, string what, string code, string? failure, string? stack);
    }
}
