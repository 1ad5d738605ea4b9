using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using Microsoft.Extensions.Logging;

namespace AgentGate.Pipeline;

/// <summary>
/// The gate's side of calls that wait for people. A store that fails leaves the call undone, says so and is counted.
/// </summary>
internal sealed partial class GateHolds(IHeldCalls? calls, TimeProvider time, GateMetrics metrics, ILogger logger)
{
    private static Denial NotKept { get; } = new(
        Codes.ApprovalNotKept, "The call needs a person's approval, and could not be put before one, so nothing was done. Try again.", DenialKind.Unavailable);

    /// <summary>Puts a call whose hold is on record before people.</summary>
    /// <returns>The hold with the approval's id; as it was where nobody can be asked.</returns>
    public async ValueTask<Denial> OpenAsync(GateRun run, Denial held, (string? Text, bool Cut) shown, CancellationToken cancellationToken)
    {
        if (calls is null)
        {
            return held;
        }

        try
        {
            var call = new HeldCall
            {
                Call = run.Call, Scope = run.Scope, Raw = run.Raw, Denial = held, Shown = shown.Text, IsCut = shown.Cut, Certificate = run.Issued,
            };
            var approval = await calls.OpenAsync(call, cancellationToken);

            // Said in words too: not every door has a place for the id.
            return held with { ApprovalId = approval, Reason = $"{held.Reason} It waits as {approval}: sent again as it is, it goes on once it is approved." };
        }
        catch (TooManyHeldCallsException)
        {
            return new Denial(
                Codes.ApprovalsTooMany, "So many calls of this principal wait for people that no further one is put before them; have some decided first.", DenialKind.Forbidden);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return Failed(run.Call.Id, failure);
        }
    }

    /// <summary>Waits for people, as long as the caller wants to.</summary>
    public async ValueTask<HeldCallEnd> WaitAsync(GateCall call, string approvalId, CancellationToken cancellationToken)
    {
        try
        {
            // Also where nobody waits: the same call was sent before, and may be approved by now.
            return calls is null
                ? new HeldCallEnd.Open()
                : await calls.WaitAsync(call.Principal.Tenant, approvalId, call.HoldWait ?? calls.Wait, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return new HeldCallEnd.Refused(Failed(call.Id, failure));
        }
    }

    /// <summary>Takes the approval a call goes on by, once. Its raw content must be what was approved.</summary>
    /// <returns>Why it does not go on, or <see langword="null"/>.</returns>
    public async ValueTask<Denial?> TakeAsync(GateRun run, CancellationToken cancellationToken)
    {
        if (run.Call.ApprovalId is not { } approval)
        {
            return null;
        }

        try
        {
            if (calls is null)
            {
                return NotKept;
            }

            var (resumption, refused) = await calls.TakeAsync(run.Call, approval, cancellationToken);
            if (resumption is null || resumption.CallId != run.Call.Id)
            {
                return refused ?? NotKept;
            }

            // A clock that was set back must not put the approval after the call.
            run.Call = run.Call with { Context = run.Call.Context with { At = Later(time.GetUtcNow(), resumption.ApprovedAt) } };
            run.Scope.Set(resumption);
            return null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return Failed(run.Call.Id, failure);
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private Denial Failed(string callId, Exception failure)
    {
        metrics.RecordFailure("approval");
        Log.NotKept(logger, Codes.ApprovalNotKept, callId, failure.GetType().FullName, failure.StackTrace);
        return NotKept;
    }

    private static partial class Log
    {
        // The exception's message may quote what was asked, so its type and stack are logged and its message is not.
        [LoggerMessage(EventId = 1010, Level = LogLevel.Error, Message = "{Code}: what call {CallId} waits for could not be stored or read ({Failure}); the call is not done. {Stack}")]
        public static partial void NotKept(ILogger logger, string code, string callId, string? failure, string? stack);
    }
}
