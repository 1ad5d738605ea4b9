using System.Runtime.InteropServices;
using System.Text.Json;
using AgentGate.Content;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentGate.Transactions;

/// <summary>A governed call that is a step of the transaction it is made in: put down before its effect, and after it.</summary>
internal sealed partial class ToolStep
{
    private readonly GateTransaction _transaction;
    private readonly GateCall _call;
    private readonly ILogger _logger;
    private LiveStep? _step;

    private ToolStep(GateTransaction transaction, GateCall call, ILogger logger) => (_transaction, _call, _logger) = (transaction, call, logger);

    /// <summary>The step a call is, or <see langword="null"/> outside of transactions.</summary>
    public static ToolStep? Of(Gate gate, GateCall call)
        => AmbientTransaction.Of(gate) is { } transaction ? new ToolStep(transaction, call, transaction.Logger) : null;

    /// <summary>Before the effect.</summary>
    /// <param name="judged">The call's content as judged: an object with the member <c>arguments</c>.</param>
    /// <returns>Why the effect must not run, if so.</returns>
    public async ValueTask<Denial?> BeginAsync(ReadOnlyMemory<byte> judged)
    {
        byte[] input;
        using (var document = JsonDocument.Parse(judged))
        {
            input = JsonMarshal.GetRawUtf8Value(document.RootElement.GetProperty("arguments")).ToArray();
        }

        (_step, var refusal) = await _transaction.BeginStepAsync(_call, input);
        return refusal;
    }

    /// <summary>Waits for the effect and puts down how it ended. What the tool throws goes on.</summary>
    /// <returns>Why the caller must not take it for done, if so.</returns>
    public async Task<Denial?> FollowAsync(Task<object?> invoked)
    {
        object? result;
        try
        {
            result = await invoked;
        }
        catch (Exception failure)
        {
            // One that was cancelled or is late may have done its work: nobody knows.
            var state = failure is OperationCanceledException or TimeoutException ? StepState.Begun : StepState.Failed;
            await _transaction.EndStepAsync(_step!, state, null, failure);
            throw;
        }

        return await _transaction.EndStepAsync(_step!, StepState.Done, Output(result), null);
    }

    /// <summary>Remembers a denial as the cause of a rollback.</summary>
    public Exception Note(Exception failure)
    {
        _transaction.Note(failure);
        return failure;
    }

    /// <summary>What the tool gave, as JSON that a compensation's call can hold; <see langword="null"/> where there is no such form.</summary>
    private ReadOnlyMemory<byte>? Output(object? result)
    {
        try
        {
            var utf8 = result is null ? "null"u8.ToArray() : JsonSerializer.SerializeToUtf8Bytes(result, AIJsonUtilities.DefaultOptions.GetTypeInfo(result.GetType()));
            if (JsonTreeParser.Parse(utf8, JsonLimits.Default, out _) is not null)
            {
                return utf8;
            }
        }
        catch (Exception unfit) when (unfit is NotSupportedException or JsonException or InvalidOperationException)
        {
            // Told below, like one that is too large.
        }

        Log.OutputLost(_logger, Codes.StepOutputLost, _call.Resource.Id, _call.Id);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2409, Level = LogLevel.Warning, Message = "{Code}: what the tool {Tool} gave in call {CallId} has no JSON form; its compensation will not get it.")]
        public static partial void OutputLost(ILogger logger, string code, string tool, string callId);
    }
}
