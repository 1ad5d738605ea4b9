using System.Globalization;
using AgentGate.Chat;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Server.Gateway.Formats;
using AgentGate.Server.Providers.Sse;

namespace AgentGate.Server.Gateway.Streaming;

/// <summary>
/// Events of OpenAI's responses. A <c>….delta</c> event continues a channel that its <c>….done</c> event ends; a tool
/// call item waits for its <c>output_item.done</c>; the last event repeats the whole answer and is ruled the same way.
/// </summary>
internal sealed class ResponsesStreamDecoder(IReadOnlySet<string> declared) : StreamDecoder
{
    private readonly Dictionary<string, (JsonTree Last, SegmentRole Role)> _channels = [];
    private readonly Dictionary<int, byte[]> _held = [];
    private readonly ResponsesStreamWriter _writer = new();

    public override void Read(SseEvent received)
    {
        var tree = Parse(received.Data, Names.ResponsesAnswer, Names.FreeForm);
        var reading = new DocumentReading(tree);
        var type = tree.FindText(0, "type") ?? received.Name ?? "";
        var output = Number(tree, 0, "output_index");
        var item = tree.Find(0, "item");
        switch (type)
        {
            case "error":
                throw new InvalidDataException("The provider reported an error in the middle of its stream.");
            case "response.output_item.added" when ResponsesItems.IsToolCall(tree, item):
                _held[output] = tree.Utf8.ToArray();
                Keep(tree.Utf8.Length);
                Bound(_held.Count);
                break;
            case "response.output_item.done" when ResponsesItems.IsToolCall(tree, item):
                Complete(received, reading, tree, item, output);
                break;
            case "response.completed" or "response.incomplete" or "response.failed":
                Last(received, reading, tree);
                break;
            case "response.created" or "response.in_progress" or "response.queued"
                when ResponsesFormat.ToolCalls(tree, tree.Find(0, "response"), declared).Count > 0:
                throw new InvalidDataException("The provider's stream holds a tool call outside of its item's events.");
            case "response.created":
                ResponseId = tree.FindText(tree.Find(0, "response"), "id");
                Emit(Frame(received.Name, reading));
                break;
            case var _ when IsToolCallPart(type) || (_held.ContainsKey(output) && tree.Find(0, "output_index") >= 0):
                // The writer says these again when the call is released.
                break;
            case var _ when type.EndsWith(".delta", StringComparison.Ordinal) && tree.IsString(tree.Find(0, "delta")):
                Delta(received, reading, tree, type);
                break;
            default:
                Other(received, reading, tree, type, item);
                break;
        }
    }

    public override IEnumerable<OutputEvent> Write(SseFrame frame, IReadOnlyList<(HeldToolCall Call, ToolCallRuling Ruling)> rulings)
        => _writer.Write(frame, rulings, declared);

    public override IEnumerable<OutputEvent> Deny(Denial denial) => _writer.Deny(denial);

    private static bool IsToolCallPart(string type)
        => type.StartsWith("response.function_call_arguments.", StringComparison.Ordinal)
            || type.StartsWith("response.custom_tool_call_input.", StringComparison.Ordinal);

    private void Complete(SseEvent received, DocumentReading reading, JsonTree tree, int item, int output)
    {
        reading.Role(item, SegmentRole.ToolArguments);
        var frame = Frame(received.Name, reading);
        _held.Remove(output, out var start);
        var held = new HeldToolCall(Key(tree, item), ResponsesItems.ToolCall(tree, item, declared).Proposed, start, output);
        Keep(sizeof(char) * held.Proposed.Input.Length);
        AddCall(frame, held);
        Emit(frame);
    }

    private void Last(SseEvent received, DocumentReading reading, JsonTree tree)
    {
        var response = tree.Find(0, "response");
        ResponsesFormat.ReadAnswer(reading, response);
        Usage = ResponsesFormat.ReadUsage(tree, response) ?? Usage;
        ResponseId ??= tree.FindText(response, "id");
        var frame = Frame(received.Name, reading).Last();
        foreach (var channel in _channels.Keys.ToList())
        {
            End(frame, channel);
        }

        foreach (var call in ResponsesFormat.ToolCalls(tree, response, declared))
        {
            frame.ToolCalls.Add(new HeldToolCall(Key(tree, call.Element), call.Proposed, default, -1));
            Bound(frame.ToolCalls.Count);
        }

        Emit(frame);
    }

    private void Delta(SseEvent received, DocumentReading reading, JsonTree tree, string type)
    {
        var delta = tree.Find(0, "delta");
        if (type == "response.audio.delta")
        {
            reading.Unread(delta, "audio");
            Emit(Frame(received.Name, reading));
            return;
        }

        var role = type is "response.output_text.delta" or "response.refusal.delta" || type.StartsWith("response.reasoning", StringComparison.Ordinal)
            ? SegmentRole.Assistant
            : SegmentRole.ToolArguments;
        reading.Role(delta, role);
        var channel = Channel(tree, type[..^".delta".Length]);
        if (_channels.TryGetValue(channel, out var before))
        {
            Keep(-before.Last.Utf8.Length);
        }

        _channels[channel] = (tree, role);
        Keep(tree.Utf8.Length);
        Bound(_channels.Count);
        Emit(Frame(received.Name, reading, (delta, channel, role)));
    }

    private void Other(SseEvent received, DocumentReading reading, JsonTree tree, string type, int item)
    {
        if (tree.IsObject(item))
        {
            ResponsesItems.ReadOutput(reading, item);
        }

        if (tree.Find(0, "partial_image_b64") is var image && image >= 0)
        {
            reading.Unread(image, "image");
        }

        reading.Role(tree.Find(0, "part"), SegmentRole.Assistant);
        var frame = Frame(received.Name, reading);
        if (type.EndsWith(".done", StringComparison.Ordinal))
        {
            End(frame, Channel(tree, type[..^".done".Length]));
        }

        Emit(frame);
    }

    /// <summary>Ends a channel: what a guard held back becomes one more delta event like the last one.</summary>
    private void End(SseFrame frame, string channel)
    {
        if (_channels.Remove(channel, out var open))
        {
            Keep(-open.Last.Utf8.Length);
            frame.AddEnd(channel, open.Role, text =>
            {
                var edits = new JsonEdits(open.Last);
                edits.ReplaceText(open.Last.Find(0, "delta"), text);
                return new OutputEvent(open.Last.FindText(0, "type"), edits.Render());
            });
        }
    }

    private static string Channel(JsonTree tree, string type)
        => string.Create(
            CultureInfo.InvariantCulture,
            $"{type}/{tree.FindText(0, "item_id")}/{Number(tree, 0, "output_index")}/{Number(tree, 0, "content_index")}/{Number(tree, 0, "summary_index")}");

    internal static string Key(JsonTree tree, int item) => tree.FindText(item, "call_id") ?? tree.FindText(item, "id") ?? "";
}
