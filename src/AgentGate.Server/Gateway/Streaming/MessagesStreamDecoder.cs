using System.Globalization;
using System.Text;
using AgentGate.Chat;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Server.Gateway.Formats;
using AgentGate.Server.Providers.Sse;

namespace AgentGate.Server.Gateway.Streaming;

/// <summary>Events of Anthropic's messages. Each text block is a channel; a <c>tool_use</c> block waits for its stop.</summary>
internal sealed class MessagesStreamDecoder(MessagesFormat format, IReadOnlySet<string> declared) : StreamDecoder
{
    private readonly Dictionary<int, Held> _held = [];
    private readonly Dictionary<int, string> _text = [];
    private int _released;
    private int _refused;

    private sealed record Held(byte[] Start, string Name, StringBuilder Input);

    public override void Read(SseEvent received)
    {
        var tree = Parse(received.Data, Names.MessagesAnswer, Names.FreeFormWithInput);
        var reading = new DocumentReading(tree);
        var index = Number(tree, 0, "index");
        switch (tree.FindText(0, "type"))
        {
            case "message_start":
                if (tree.Elements(tree.Find(tree.Find(0, "message"), "content")).Any())
                {
                    throw new InvalidDataException("The provider's stream begins with content outside of a block.");
                }

                Usage = MessagesFormat.ReadUsage(tree, tree.Find(0, "message"));
                Emit(Frame(received.Name, reading));
                break;
            case "content_block_start":
                Start(received, reading, tree, index);
                break;
            case "content_block_delta":
                Delta(received, reading, tree, index);
                break;
            case "content_block_stop":
                Stop(received, reading, tree, index);
                break;
            case "message_delta":
                Usage = Later(Usage, format.ReadUsage(tree));
                Emit(Frame(received.Name, reading));
                break;
            case "message_stop":
                Emit(Frame(received.Name, reading).Last());
                break;
            case "error":
                throw new InvalidDataException("The provider reported an error in the middle of its stream.");
            default:
                Emit(Frame(received.Name, reading));
                break;
        }
    }

    public override IEnumerable<OutputEvent> Write(SseFrame frame, IReadOnlyList<(HeldToolCall Call, ToolCallRuling Ruling)> rulings)
    {
        foreach (var flushed in frame.Flushed)
        {
            yield return flushed;
        }

        foreach (var (call, ruling) in rulings)
        {
            switch (ruling)
            {
                case ToolCallRuling.Released(var input):
                    _released++;
                    yield return new OutputEvent("content_block_start", call.Start);
                    if (input.Length > 0)
                    {
                        yield return DeltaEvent(call.Position, "input_json_delta", "partial_json", input);
                    }

                    break;
                case ToolCallRuling.Refused refused:
                    _refused++;
                    yield return new OutputEvent("content_block_start", Json(
                        $"{{\"type\":\"content_block_start\",\"index\":{call.Position},\"content_block\":{{\"type\":\"text\",\"text\":\"\"}}}}"));
                    yield return DeltaEvent(call.Position, "text_delta", "text", refused.Text);
                    break;
            }
        }

        var output = frame.ToOutput();
        var stop = frame.Tree.Find(frame.Tree.Find(0, "delta"), "stop_reason");
        if (_refused > 0 && _released == 0 && frame.Tree.TextIs(stop, "tool_use"))
        {
            var tree = JsonTreeParser.Parse(output.Data, JsonLimits.Default, out _)!;
            var edits = new JsonEdits(tree);
            edits.ReplaceText(tree.Find(tree.Find(0, "delta"), "stop_reason"), "end_turn");
            output = output with { Data = edits.Render() };
        }

        yield return output;
    }

    public override IEnumerable<OutputEvent> Deny(Denial denial)
    {
        yield return new OutputEvent("error", ErrorShapes.Document(ErrorShape.Anthropic, denial));
    }

    private void Start(SseEvent received, DocumentReading reading, JsonTree tree, int index)
    {
        var block = tree.Find(0, "content_block");
        MessagesFormat.ReadAnswerBlock(reading, block);
        switch (tree.FindText(block, "type"))
        {
            case "tool_use":
                var input = tree.Find(block, "input");
                var text = tree.IsObject(input) && tree[input].Next > input + 1 ? Encoding.UTF8.GetString(tree.Raw(input)) : "";
                _held[index] = new Held(tree.Utf8.ToArray(), tree.FindText(block, "name") ?? "", new StringBuilder(text));
                Keep(tree.Utf8.Length + (sizeof(char) * text.Length));
                Bound(_held.Count);
                break;
            case "text":
                _text[index] = "text";
                Bound(_text.Count);
                Emit(Frame(received.Name, reading, (tree.Find(block, "text"), Channel(index), SegmentRole.Assistant)));
                break;
            default:
                Emit(Frame(received.Name, reading));
                break;
        }
    }

    private void Delta(SseEvent received, DocumentReading reading, JsonTree tree, int index)
    {
        var delta = tree.Find(0, "delta");
        switch (tree.FindText(delta, "type"))
        {
            case "input_json_delta" when _held.TryGetValue(index, out var held):
                var piece = tree.FindText(delta, "partial_json") ?? "";
                Keep(sizeof(char) * piece.Length);
                held.Input.Append(piece);
                break;
            case "input_json_delta":
                reading.Role(delta, SegmentRole.ToolArguments);
                Emit(Frame(received.Name, reading));
                break;
            case "thinking_delta" or "signature_delta":
                reading.Sealed(delta);
                Emit(Frame(received.Name, reading));
                break;
            case "text_delta":
                _text[index] = "text";
                Bound(_text.Count);
                reading.Role(delta, SegmentRole.Assistant);
                Emit(Frame(received.Name, reading, (tree.Find(delta, "text"), Channel(index), SegmentRole.Assistant)));
                break;
            default:
                reading.Role(delta, SegmentRole.Assistant);
                Emit(Frame(received.Name, reading));
                break;
        }
    }

    private void Stop(SseEvent received, DocumentReading reading, JsonTree tree, int index)
    {
        var frame = Frame(received.Name, reading);
        if (_held.Remove(index, out var held))
        {
            var proposed = new ProposedToolCall(held.Name, held.Input.ToString(), IsJson: true, declared.Contains(held.Name));
            AddCall(frame, new HeldToolCall(Channel(index), proposed, held.Start, index));
        }
        else if (_text.Remove(index))
        {
            frame.AddEnd(Channel(index), SegmentRole.Assistant, text => DeltaEvent(index, "text_delta", "text", text));
        }

        Emit(frame);
    }

    /// <summary>The counts of a later event replace those of an earlier one: they are sums so far. What it leaves out stays.</summary>
    private static Usage? Later(Usage? before, Usage? now)
        => before is null || now is null ? now ?? before
            : now.InputTokens > 0 ? now with { OutputTokens = Math.Max(now.OutputTokens, before.OutputTokens) }
            : before with { OutputTokens = Math.Max(now.OutputTokens, before.OutputTokens) };

    private static string Channel(int index) => string.Create(CultureInfo.InvariantCulture, $"content/{index}");

    private static OutputEvent DeltaEvent(int index, string type, string member, string text)
        => new("content_block_delta",
        (byte[])[
            .. Json($"{{\"type\":\"content_block_delta\",\"index\":{index},\"delta\":{{\"type\":\"{type}\",\"{member}\":"),
            .. JsonEdits.Quote(text),
            .. "}}"u8,
        ]);

    private static byte[] Json(FormattableString text) => Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture));
}
