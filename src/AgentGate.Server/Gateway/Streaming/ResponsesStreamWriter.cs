using System.Globalization;
using System.Text;
using AgentGate.Chat;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Server.Gateway.Formats;

namespace AgentGate.Server.Gateway.Streaming;

/// <summary>Writes decided tool calls of a responses stream back as items, and keeps the sequence numbers in order where events were added or taken out.</summary>
internal sealed class ResponsesStreamWriter
{
    private long _sequence = -1;
    private bool _renumber;

    public IEnumerable<OutputEvent> Write(
        SseFrame frame, IReadOnlyList<(HeldToolCall Call, ToolCallRuling Ruling)> rulings, IReadOnlySet<string> declared)
    {
        foreach (var flushed in frame.Flushed)
        {
            _renumber = true;
            yield return Numbered(flushed);
        }

        if (frame.IsLast)
        {
            yield return Numbered(Ruled(frame, rulings, declared));
            yield break;
        }

        if (rulings.Count == 0)
        {
            yield return Numbered(frame.ToOutput());
            yield break;
        }

        _renumber = true;
        foreach (var (call, ruling) in rulings)
        {
            var events = ruling is ToolCallRuling.Released(var input)
                ? Released(frame, call, input)
                : Refused(frame, call, (ToolCallRuling.Refused)ruling);
            foreach (var output in events)
            {
                yield return Numbered(output);
            }
        }
    }

    public IEnumerable<OutputEvent> Deny(Denial denial)
    {
        _renumber = true;
        var (code, message) = (JsonEdits.Quote(denial.Code), JsonEdits.Quote($"{denial.Code}: {denial.Reason}"));
        yield return Numbered(new OutputEvent(
            "error", (byte[])[.. "{\"type\":\"error\",\"code\":"u8, .. code, .. ",\"message\":"u8, .. message, .. ",\"param\":null,\"sequence_number\":0}"u8]));
    }

    private static IEnumerable<OutputEvent> Released(SseFrame frame, HeldToolCall call, string input)
    {
        if (!call.Start.IsEmpty)
        {
            yield return new OutputEvent("response.output_item.added", call.Start);
        }

        var done = frame.ToOutput();
        var tree = JsonTreeParser.Parse(done.Data, JsonLimits.Default, out _)!;
        var item = tree.Find(0, "item");
        if (!ResponsesItems.HasStreamedInput(tree, item) || ToolInput.IsRaw(tree, ResponsesItems.InputOf(tree, item)))
        {
            var action = new JsonEdits(tree);
            ToolInput.Set(tree, action, ResponsesItems.InputOf(tree, item), call.Proposed.Input, input);
            yield return done with { Data = action.Render() };
            yield break;
        }

        var (family, member) = call.Proposed.IsJson ? ("function_call_arguments", "arguments") : ("custom_tool_call_input", "input");
        byte[] address =
        [
            .. "\"item_id\":"u8, .. JsonEdits.Quote(tree.FindText(item, "id") ?? ""),
            .. Text($",\"output_index\":{call.Position},\"sequence_number\":0"),
        ];
        yield return new OutputEvent($"response.{family}.delta", (byte[])
            [.. Text($"{{\"type\":\"response.{family}.delta\","), .. address, .. ",\"delta\":"u8, .. JsonEdits.Quote(input), (byte)'}']);
        yield return new OutputEvent($"response.{family}.done", (byte[])
            [.. Text($"{{\"type\":\"response.{family}.done\","), .. address, .. Text($",\"{member}\":"), .. JsonEdits.Quote(input), (byte)'}']);
        var edits = new JsonEdits(tree);
        if (tree.Find(item, member) is var node && node >= 0)
        {
            edits.ReplaceText(node, input);
        }

        yield return done with { Data = edits.Render() };
    }

    private static IEnumerable<OutputEvent> Refused(SseFrame frame, HeldToolCall call, ToolCallRuling.Refused refused)
    {
        var tree = frame.Tree;
        var item = tree.Find(0, "item");
        var message = ResponsesItems.Message(tree, item, refused.Text);
        var id = JsonEdits.Quote("msg_" + (tree.FindText(item, "id") ?? tree.FindText(item, "call_id") ?? "refused"));
        var at = Text($",\"output_index\":{call.Position},\"sequence_number\":0");
        byte[] part = [.. ",\"item_id\":"u8, .. id, .. at, .. ",\"content_index\":0"u8];
        yield return new OutputEvent("response.output_item.added", (byte[])
        [
            .. "{\"type\":\"response.output_item.added\""u8, .. at,
            .. ",\"item\":{\"type\":\"message\",\"id\":"u8, .. id, .. ",\"status\":\"in_progress\",\"role\":\"assistant\",\"content\":[]}}"u8,
        ]);
        yield return new OutputEvent("response.content_part.added", (byte[])
            [.. "{\"type\":\"response.content_part.added\""u8, .. part, .. ",\"part\":"u8, .. ResponsesItems.TextPart(""), (byte)'}']);
        yield return new OutputEvent("response.output_text.delta", (byte[])
            [.. "{\"type\":\"response.output_text.delta\""u8, .. part, .. ",\"logprobs\":[],\"delta\":"u8, .. JsonEdits.Quote(refused.Text), (byte)'}']);
        yield return new OutputEvent("response.output_text.done", (byte[])
            [.. "{\"type\":\"response.output_text.done\""u8, .. part, .. ",\"logprobs\":[],\"text\":"u8, .. JsonEdits.Quote(refused.Text), (byte)'}']);
        yield return new OutputEvent("response.content_part.done", (byte[])
            [.. "{\"type\":\"response.content_part.done\""u8, .. part, .. ",\"part\":"u8, .. ResponsesItems.TextPart(refused.Text), (byte)'}']);
        yield return new OutputEvent("response.output_item.done", (byte[])
            [.. "{\"type\":\"response.output_item.done\""u8, .. at, .. ",\"item\":"u8, .. message, (byte)'}']);
    }

    private static OutputEvent Ruled(
        SseFrame frame, IReadOnlyList<(HeldToolCall Call, ToolCallRuling Ruling)> rulings, IReadOnlySet<string> declared)
    {
        var output = frame.ToOutput();
        if (rulings.Count == 0)
        {
            return output;
        }

        var tree = JsonTreeParser.Parse(output.Data, JsonLimits.Default, out _)!;
        var edits = new JsonEdits(tree);
        var calls = ResponsesFormat.ToolCalls(tree, tree.Find(0, "response"), declared);
        ResponsesFormat.RuleItems(tree, edits, [.. calls.Zip(rulings, (call, ruling) => (call, ruling.Ruling))]);
        return output with { Data = edits.Render() };
    }

    /// <summary>Numbers stay the provider's until an event was added or taken out; from then on they count up by one.</summary>
    private OutputEvent Numbered(OutputEvent output)
    {
        var tree = JsonTreeParser.Parse(output.Data, JsonLimits.Default, out _)!;
        var node = tree.Find(0, "sequence_number");
        if (node < 0)
        {
            return output;
        }

        if (!_renumber)
        {
            _sequence = long.TryParse(tree.Raw(node), out var theirs) ? theirs : _sequence + 1;
            return output;
        }

        var edits = new JsonEdits(tree);
        edits.Replace(node, Encoding.ASCII.GetBytes((++_sequence).ToString(CultureInfo.InvariantCulture)));
        return output with { Data = edits.Render() };
    }

    private static byte[] Text(FormattableString text) => Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture));
}
