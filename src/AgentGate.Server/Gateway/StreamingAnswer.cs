using System.IO.Pipelines;
using AgentGate.Chat;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Server.Gateway.Streaming;
using AgentGate.Server.Providers.Sse;

namespace AgentGate.Server.Gateway;

/// <summary>Carries a streamed answer to the caller: decides the tool calls as they become complete, ends a blocked stream in the protocol's own way.</summary>
internal sealed class StreamingAnswer(HttpContext context, StreamDecoder decoder, ToolCallDoor tools, GateCall call, CallScope scope)
{
    private readonly Dictionary<(string Key, ProposedToolCall Proposed), ToolCallRuling> _rulings = [];

    /// <summary>Writes the stream to its end.</summary>
    /// <param name="stream">The guarded stream.</param>
    /// <param name="first">Its first step, read before the head of the answer was written.</param>
    /// <param name="beforeLast">Runs before the last event goes out, with the provider's id of the answer. A denial it returns ends the stream instead.</param>
    public async Task WriteAsync(GateStream stream, StreamStep first, Func<string?, ValueTask<Denial?>> beforeLast)
    {
        var output = context.Response.BodyWriter;
        for (var step = first; ; step = await stream.ReadAsync(context.RequestAborted))
        {
            switch (step)
            {
                case StreamStep.Frame(SseFrame frame):
                    var rulings = await RuleAsync(frame);
                    if (frame.IsLast && await beforeLast(decoder.ResponseId) is { } refused)
                    {
                        await WriteAsync(output, decoder.Deny(refused));
                        return;
                    }

                    await WriteAsync(output, decoder.Write(frame, rulings));
                    break;
                case StreamStep.Ended(var denial):
                    await WriteAsync(output, decoder.Deny(denial));
                    return;
                default:
                    return;
            }
        }
    }

    /// <summary>
    /// Decides each tool call of a frame, once: an event that repeats a call gets its ruling. The key is the provider's
    /// word, so the call itself is part of it; otherwise a second call under a used id would pass with the first one's ruling.
    /// </summary>
    private async ValueTask<IReadOnlyList<(HeldToolCall Call, ToolCallRuling Ruling)>> RuleAsync(SseFrame frame)
    {
        if (frame.ToolCalls.Count == 0)
        {
            return [];
        }

        var rulings = new List<(HeldToolCall, ToolCallRuling)>(frame.ToolCalls.Count);
        foreach (var held in frame.ToolCalls)
        {
            if (!_rulings.TryGetValue((held.Key, held.Proposed), out var ruling))
            {
                _rulings[(held.Key, held.Proposed)] = ruling = await tools.DecideAsync(held.Proposed, call, scope, context.RequestAborted);
            }

            rulings.Add((held, ruling));
        }

        return rulings;
    }

    private async Task WriteAsync(PipeWriter output, IEnumerable<OutputEvent> events)
    {
        foreach (var next in events)
        {
            SseWriter.Write(output, next.Data.Span, next.Name);
        }

        await output.FlushAsync(context.RequestAborted);
    }
}
