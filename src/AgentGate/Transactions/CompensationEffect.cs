using System.Text.Json;
using AgentGate.Content;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace AgentGate.Transactions;

/// <summary>
/// The effect of a compensation's call: it is put down that it runs, then it is tried until it succeeds, with growing waits, and put down that
/// it did. Retries are inside the one effect that was permitted.
/// </summary>
internal sealed class CompensationEffect(
    StoredStep step, Compensation compensation, TransactionLease lease, TransactionJournal journal, TransactionsOptions options, TimeProvider time) : IEffect
{
    private readonly bool _isKnown = step.State == StepState.Done || (step.State == StepState.Undoing && step.Output is not null);

    /// <summary>The step as it is now.</summary>
    public StoredStep Step { get; private set; } = step;

    /// <summary>How it went, once it ran.</summary>
    public StepEnding? Ending { get; private set; }

    /// <summary>What the compensation threw.</summary>
    public Exception? Failure { get; private set; }

    public async ValueTask<EffectResult> RunAsync(Permit permit, CancellationToken cancellationToken)
    {
        var utf8 = permit.Use().ToUtf8();
        permit.RecordTransport(utf8.Span);
        var before = Step.State;
        Step = Step with { State = StepState.Undoing, CompensationCallId = permit.CallId, Input = null, Output = null };

        // INVARIANT: nothing is undone before it is put down that it is: whoever resumes must know that it may have happened.
        if (await journal.PutAsync(Step, before, lease) is not JournalResult.Written)
        {
            Step = Step with { State = before };
            Ending = StepEnding.Deferred;
            return new EffectResult.Failed(new Denial(Codes.TransactionStoreLost, "It could not be put down that the compensation runs, so it did not.", DenialKind.Unavailable)) { NothingConsumed = true };
        }

        using var document = JsonDocument.Parse(utf8);
        var arguments = document.RootElement.GetProperty("arguments");
        var seen = new CompensationStep(
            Step, arguments.GetProperty("input"), arguments.TryGetProperty("output", out var output) ? output : null, _isKnown);
        Ending = await TryAsync(seen);
        Step = Step with { State = Ending == StepEnding.Undone ? StepState.Undone : StepState.NotUndone, Ending = Ending };
        await journal.PutAsync(Step, StepState.Undoing, lease);
        return Ending == StepEnding.Undone
            ? new EffectResult.Complete(EmptyContent.Instance)
            : new EffectResult.Failed(new Denial(Codes.StepsNotUndone, "The compensation failed.", DenialKind.Upstream));
    }

    private async Task<StepEnding> TryAsync(CompensationStep seen)
    {
        var tries = 0;
        try
        {
            await Pipeline().ExecuteAsync(
                async stop =>
                {
                    Step = Step with { Tries = Interlocked.Increment(ref tries) };

                    // On a thread of its own and left behind when it is late: one that hangs must not keep the others from running.
                    await Task.Run(() => compensation.Undo(seen, stop).AsTask(), CancellationToken.None).WaitAsync(stop);
                },
                CancellationToken.None);
            return StepEnding.Undone;
        }
        catch (TimeoutRejectedException late)
        {
            Failure = late;
            return StepEnding.TimedOut;
        }
        catch (Exception failure)
        {
            Failure = failure;
            return StepEnding.Failed;
        }
    }

    private ResiliencePipeline Pipeline()
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        if ((compensation.Tries ?? options.CompensationTries) is > 1 and var tries)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = tries - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = options.RetryDelay,
                MaxDelay = options.RetryDelayMax,

                // One that threw did nothing, as it says; one that is late may have done its work.
                ShouldHandle = outcome => ValueTask.FromResult(outcome.Outcome.Exception is { } failure && (failure is not TimeoutRejectedException || compensation.IsIdempotent)),
            });
        }

        return builder.AddTimeout(compensation.Timeout ?? options.CompensationTimeout).Build();
    }
}
