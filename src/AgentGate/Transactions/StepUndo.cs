using System.Buffers;
using System.Text.Json;
using AgentGate.Content;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Transactions;

/// <summary>Undoes one step: its compensation is a call of the gate, with a decision, a certificate and entries of its own, led to by the step's call. Thread-safe.</summary>
internal sealed class StepUndo(TransactionJournal journal, IOptions<TransactionsOptions> options, IIdSource ids, TimeProvider time)
{
    /// <summary>The door's name in records.</summary>
    public const string Door = "sdk.compensation";

    /// <summary>Undoes a step, or says why not, and puts that down.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="step">The step, with what it got and gave.</param>
    /// <param name="compensation">Its compensation, where this process has it.</param>
    /// <param name="lease">The right to write it.</param>
    /// <param name="stillRuns">Whether the step itself still runs.</param>
    public async Task<StepReport> RunAsync(Gate gate, StoredStep step, Compensation? compensation, TransactionLease lease, bool stillRuns = false)
    {
        try
        {
            return await UndoAsync(gate, step, compensation, lease, stillRuns);
        }
        catch (Exception unforeseen)
        {
            // Whatever it is, the steps before this one are undone.
            return await SettleAsync(step, step.State, StepEnding.Failed, lease) with { Code = Codes.StepsNotUndone, Failure = unforeseen };
        }
    }

    private async Task<StepReport> UndoAsync(Gate gate, StoredStep step, Compensation? compensation, TransactionLease lease, bool stillRuns)
    {
        if (step.Compensation is null && compensation is not null)
        {
            step = step with { Compensation = compensation.Name };
        }

        if (StepRules.EndingWithoutRun(step, compensation, stillRuns) is { } ending)
        {
            return await SettleAsync(step, step.State, ending, lease);
        }

        if (Content(step) is not { } content)
        {
            return await SettleAsync(step, step.State, StepEnding.ContentLost, lease);
        }

        var call = new GateCall
        {
            Id = ids.NewId(),
            ParentId = step.CallId,
            Door = Door,
            Principal = new Principal { Id = step.Principal, Tenant = step.Tenant, Scopes = [Scopes.Doors] },
            Action = GateActions.CallTool,
            Resource = EntityRef.Tool(compensation!.Name),
            Content = content,
            ArgumentsAt = "/arguments",
            Targets = [new EffectTarget("process", compensation.Name)],
            Context = new CallContext { At = time.GetUtcNow(), DelegationRef = step.Delegation },
        };
        var effect = new CompensationEffect(step, compensation, lease, journal, options.Value, time);
        var result = await gate.RunAsync(call, effect, CancellationToken.None);
        if (effect.Ending is { } done)
        {
            return StepRules.Report(effect.Step, done, effect.Failure);
        }

        // The effect did not run: the gate said no, and says why.
        var denial = (result as GateResult.Denied)?.Denial ?? (result as GateResult.Failed)?.Denial;
        if (denial?.Kind is DenialKind.Unavailable or DenialKind.Limited)
        {
            // The gate cannot tell now; whoever takes the transaction over asks again.
            return StepRules.Report(step, StepEnding.Deferred) with { Code = denial.Code, CompensationCallId = call.Id, Reason = "the gate cannot decide now: " + denial.Reason };
        }

        var denied = step with { CompensationCallId = call.Id, Code = denial?.Code };
        return await SettleAsync(denied, step.State, StepEnding.Denied, lease) with { Reason = StepRules.ReasonOf(step, StepEnding.Denied) + " " + denial?.Reason };
    }

    private async Task<StepReport> SettleAsync(StoredStep step, StepState before, StepEnding ending, TransactionLease lease)
    {
        if (step.IsSettled())
        {
            return StepRules.Report(step, ending);
        }

        var settled = step with { State = ending == StepEnding.Unneeded ? StepState.Undone : StepState.NotUndone, Ending = ending, Input = null, Output = null };
        return await journal.PutAsync(settled, before, lease) is JournalResult.Written
            ? StepRules.Report(settled, ending) with { Reason = StepRules.ReasonOf(step, ending) }
            : StepRules.Report(step, StepEnding.Deferred);
    }

    /// <summary>What the guards judge and the compensation gets. <see langword="null"/> where it cannot be read.</summary>
    private static JsonContent? Content(StoredStep step)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("arguments");
            writer.WritePropertyName("input");
            writer.WriteRawValue(step.Input!.Value.Span, skipInputValidation: true);
            if (step.Output is { } output)
            {
                writer.WritePropertyName("output");
                writer.WriteRawValue(output.Span, skipInputValidation: true);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        if (JsonTreeParser.Parse(buffer.WrittenMemory, JsonLimits.Default, out _) is not { } tree)
        {
            return null;
        }

        var reading = new DocumentReading(tree);
        reading.Role(0, SegmentRole.ToolArguments);
        return JsonContentReader.Read(reading, JsonLimits.Default);
    }
}
