using System.Globalization;
using System.Text;
using AgentGate.Chat;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Server.Gateway.Formats;
using AgentGate.Server.Providers.Sse;

namespace AgentGate.Server.Gateway.Streaming;

/// <summary>Chunks of OpenAI's chat completions. Each string member of a delta is a channel; tool calls wait for the finish.</summary>
internal sealed class ChatStreamDecoder(ChatFormat format, IReadOnlySet<string> declared, bool hidesUsage = false) : StreamDecoder
{
    private readonly Dictionary<string, (int Choice, string Member)> _channels = [];
    private readonly SortedDictionary<(int Choice, int Index), Held> _held = [];
    private readonly HashSet<int> _choices = [];
    private JsonTree? _lastChunk;

    private sealed class Held(byte[] start)
    {
        public byte[] Start { get; } = start;

        public string Name { get; set; } = "";

        public bool IsCustom { get; set; }

        public bool IsFunction { get; set; }

        /// <summary>Whether the input came in one piece that is not a string.</summary>
        public bool IsRaw { get; set; }

        public StringBuilder Input { get; } = new();
    }

    public override void Read(SseEvent received)
    {
        if (received.Data.Span.SequenceEqual("[DONE]"u8))
        {
            var done = new SseFrame(received.Name, "[DONE]"u8.ToArray(), null).Last();
            Finish(done, choice: null);
            Emit(done);
            return;
        }

        var tree = Parse(received.Data, Names.ChatAnswer, Names.FreeFormWithInput);
        if (!tree.IsNullOrAbsent(tree.Find(0, "error")))
        {
            throw new InvalidDataException("The provider reported an error in the middle of its stream.");
        }

        Usage = format.ReadUsage(tree) ?? Usage;
        if (hidesUsage && OutputReading.IsUsageAlone(tree))
        {
            return;
        }

        var finished = new List<int>();
        tree = HoldToolCalls(tree, finished, out var isEmpty);
        _lastChunk = tree;
        if (isEmpty)
        {
            return;
        }

        var frame = Frame(received.Name, Roles(tree), [.. Deltas(tree)]);
        finished.ForEach(choice => Finish(frame, choice));
        Emit(frame);
    }

    public override IEnumerable<OutputEvent> Write(SseFrame frame, IReadOnlyList<(HeldToolCall Call, ToolCallRuling Ruling)> rulings)
        => ChatStreamWriter.Write(frame, rulings, _lastChunk);

    public override IEnumerable<OutputEvent> Deny(Denial denial)
    {
        // A client that ignores error events still learns that the answer was cut: by the finish reason, and by no [DONE].
        foreach (var choice in _choices.DefaultIfEmpty(0).Order())
        {
            if (_lastChunk is not null)
            {
                yield return ChatStreamWriter.Chunk(_lastChunk, choice, "{}"u8, "\"content_filter\""u8);
            }
        }

        yield return new OutputEvent(null, ErrorShapes.Document(ErrorShape.OpenAI, denial));
    }

    private static DocumentReading Roles(JsonTree tree)
    {
        var reading = new DocumentReading(tree);
        foreach (var choice in tree.Elements(tree.Find(0, "choices")))
        {
            var delta = tree.Find(choice, "delta");
            reading.Role(delta, SegmentRole.Assistant);
            reading.Role(tree.Find(delta, "role"), SegmentRole.Protocol);
            if (tree.Find(delta, "audio") is var audio && !tree.IsNullOrAbsent(audio))
            {
                reading.Unread(audio, "audio");
            }
        }

        return reading;
    }

    private IEnumerable<(int Node, string Channel, SegmentRole Role)> Deltas(JsonTree tree)
    {
        foreach (var choice in tree.Elements(tree.Find(0, "choices")))
        {
            var index = Number(tree, choice, "index");
            _choices.Add(index);
            Bound(_choices.Count);
            foreach (var member in tree.Members(tree.Find(choice, "delta")))
            {
                if (tree.IsString(member + 1) && !tree.TextSpan(member).SequenceEqual("role"))
                {
                    var name = tree.TextSpan(member).ToString();
                    var channel = string.Create(CultureInfo.InvariantCulture, $"choices/{index}/{name}");
                    _channels[channel] = (index, name);
                    Bound(_channels.Count);
                    yield return (member + 1, channel, SegmentRole.Assistant);
                }
            }
        }
    }

    /// <summary>Takes tool call deltas out of a chunk and keeps them; says which choices finish with it.</summary>
    private JsonTree HoldToolCalls(JsonTree tree, List<int> finished, out bool isEmpty)
    {
        var edits = new JsonEdits(tree);
        isEmpty = tree.Elements(tree.Find(0, "choices")).Any();
        foreach (var choice in tree.Elements(tree.Find(0, "choices")))
        {
            var index = Number(tree, choice, "index");
            var delta = tree.Find(choice, "delta");
            if (ChatFormat.HoldsToolCalls(tree, tree.Find(choice, "message")))
            {
                throw new InvalidDataException("The provider's stream holds a tool call outside of a delta.");
            }

            var left = tree.Members(delta).Count();
            foreach (var call in tree.Elements(tree.Find(delta, "tool_calls")))
            {
                Hold((index, Number(tree, call, "index")), tree, call, tree.Find(call, "function"), tree.Find(call, "custom"));
            }

            if (tree.Find(delta, "function_call") is var legacy && tree.IsObject(legacy))
            {
                Hold((index, -1), tree, legacy, legacy, -1);
            }

            foreach (var name in (string[])["tool_calls", "function_call"])
            {
                if (tree.Find(delta, name) is var value && value >= 0 && !tree.IsNullOrAbsent(value))
                {
                    edits.RemoveMember(value - 1);
                    left--;
                }
            }

            var finishes = !tree.IsNullOrAbsent(tree.Find(choice, "finish_reason"));
            if (finishes)
            {
                finished.Add(index);
            }

            isEmpty &= left == 0 && !finishes && !edits.IsEmpty;
        }

        return edits.IsEmpty ? tree : Parse(edits.Render(), Names.ChatAnswer, Names.FreeFormWithInput);
    }

    private void Hold((int Choice, int Index) key, JsonTree tree, int call, int function, int custom)
    {
        if (!_held.TryGetValue(key, out var held))
        {
            _held[key] = held = new Held(tree.Raw(call).ToArray());
            Keep(held.Start.Length);
            Bound(_held.Count);
        }

        held.IsCustom |= tree.IsObject(custom);
        held.IsFunction |= !tree.IsNullOrAbsent(function);
        var body = tree.IsObject(custom) ? custom : function;
        var name = tree.FindText(body, "name") ?? "";
        var input = tree.Find(body, tree.IsObject(custom) ? "input" : "arguments");
        var text = ToolInput.Text(tree, input);
        Keep(sizeof(char) * (name.Length + text.Length));
        held.Name += name;
        held.IsRaw = text.Length == 0 ? held.IsRaw : held.Input.Length == 0 && ToolInput.IsRaw(tree, input);
        held.Input.Append(text);
    }

    /// <summary>Ends a choice, or all that are still open: its channels are flushed, its tool calls are complete.</summary>
    private void Finish(SseFrame frame, int? choice)
    {
        foreach (var (channel, (index, member)) in _channels.Where(open => choice is null || open.Value.Choice == choice).ToList())
        {
            var chunk = _lastChunk!;
            frame.AddEnd(channel, SegmentRole.Assistant, text => ChatStreamWriter.Chunk(
                chunk, index, [(byte)'{', .. JsonEdits.Quote(member), (byte)':', .. JsonEdits.Quote(text), (byte)'}'], "null"u8));
            _channels.Remove(channel);
        }

        foreach (var (key, held) in _held.Where(open => choice is null || open.Key.Choice == choice).ToList())
        {
            // A call that is two calls at once is neither: it is judged as a tool nobody declared.
            var proposed = held is { IsCustom: true, IsFunction: true }
                ? new ProposedToolCall("", "", IsJson: true, IsDeclared: false)
                : new ProposedToolCall(held.Name, held.Input.ToString(), !held.IsCustom || held.IsRaw, declared.Contains(held.Name));
            AddCall(frame, new HeldToolCall($"{key.Choice}/{key.Index}", proposed, held.Start, key.Choice, held.IsRaw));
            _held.Remove(key);
        }
    }
}
