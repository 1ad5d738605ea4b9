using System.Globalization;
using System.Text;
using AgentGate.Chat;
using AgentGate.Content;

namespace AgentGate.Server.Gateway.Streaming;

/// <summary>Writes decided tool calls of a chat stream back as chunks.</summary>
internal static class ChatStreamWriter
{
    /// <summary>The chunk another chunk describes, for one choice.</summary>
    /// <param name="like">A chunk of the same stream: id, model and the rest are taken from it.</param>
    /// <param name="choice">The choice's index.</param>
    /// <param name="delta">The raw delta.</param>
    /// <param name="finish">The raw finish reason.</param>
    public static OutputEvent Chunk(JsonTree like, int choice, ReadOnlySpan<byte> delta, ReadOnlySpan<byte> finish)
    {
        var edits = new JsonEdits(like);
        byte[] choices =
        [
            .. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"[{{\"index\":{choice},\"delta\":")),
            .. delta, .. ",\"finish_reason\":"u8, .. finish, .. "}]"u8,
        ];
        if (like.Find(0, "choices") is var node && node >= 0)
        {
            edits.Replace(node, choices);
        }

        if (like.Find(0, "usage") is var usage && usage >= 0)
        {
            edits.Replace(usage, "null"u8);
        }

        return new OutputEvent(null, edits.Render());
    }

    public static IEnumerable<OutputEvent> Write(
        SseFrame frame, IReadOnlyList<(HeldToolCall Call, ToolCallRuling Ruling)> rulings, JsonTree? like)
    {
        var chunk = frame.Content?.Tree ?? like;
        foreach (var flushed in frame.Flushed)
        {
            yield return flushed;
        }

        var released = new Dictionary<int, int>();
        foreach (var (call, ruling) in rulings)
        {
            if (chunk is null)
            {
                break;
            }

            switch (ruling)
            {
                case ToolCallRuling.Released(var input):
                    var index = released.GetValueOrDefault(call.Position);
                    released[call.Position] = index + 1;
                    yield return Chunk(chunk, call.Position, ToolCallDelta(call, input, index), "null"u8);
                    break;
                case ToolCallRuling.Refused refused:
                    yield return Chunk(chunk, call.Position, [.. "{\"content\":"u8, .. JsonEdits.Quote(refused.Text + "\n"), (byte)'}'], "null"u8);
                    break;
            }
        }

        yield return Finished(frame, rulings, released);
    }

    /// <summary>The frame itself; a choice whose every tool call was refused stops instead of waiting for tools.</summary>
    private static OutputEvent Finished(
        SseFrame frame, IReadOnlyList<(HeldToolCall Call, ToolCallRuling Ruling)> rulings, Dictionary<int, int> released)
    {
        var output = frame.ToOutput();
        var stopped = rulings.Select(ruling => ruling.Call.Position).Where(choice => !released.ContainsKey(choice)).ToHashSet();
        if (stopped.Count == 0 || frame.Content is null)
        {
            return output;
        }

        var tree = JsonTreeParser.Parse(output.Data, JsonLimits.Default, out _)!;
        var edits = new JsonEdits(tree);
        foreach (var choice in tree.Elements(tree.Find(0, "choices")))
        {
            var index = tree.Find(choice, "index") is var node && node >= 0 && int.TryParse(tree.Raw(node), out var number) ? number : 0;
            if (stopped.Contains(index) && tree.Find(choice, "finish_reason") is var finish && tree.IsString(finish))
            {
                edits.ReplaceText(finish, "stop");
            }
        }

        return output with { Data = edits.Render() };
    }

    /// <summary>The whole call in one delta, built on what the provider started it with, so that fields nobody knows survive.</summary>
    private static byte[] ToolCallDelta(HeldToolCall call, string input, int index)
    {
        var start = JsonTreeParser.Parse(call.Start, JsonLimits.Default, out _)!;
        var edits = new JsonEdits(start);
        var isLegacy = start.Find(0, "function") < 0 && start.Find(0, "custom") < 0;
        var body = isLegacy ? 0 : Math.Max(start.Find(0, "function"), start.Find(0, "custom"));
        Set(start, edits, body, "name", JsonEdits.Quote(call.Proposed.Name));
        var isCustom = start.IsObject(start.Find(0, "custom"));
        Set(start, edits, body, isCustom ? "input" : "arguments", call.IsRaw && input.Length > 0 ? Encoding.UTF8.GetBytes(input) : JsonEdits.Quote(input));
        if (isLegacy)
        {
            return [.. "{\"function_call\":"u8, .. edits.Render().Span, (byte)'}'];
        }

        Set(start, edits, 0, "index", Encoding.ASCII.GetBytes(index.ToString(CultureInfo.InvariantCulture)));
        return [.. "{\"tool_calls\":["u8, .. edits.Render().Span, .. "]}"u8];
    }

    private static void Set(JsonTree tree, JsonEdits edits, int obj, string member, byte[] value)
    {
        if (tree.Find(obj, member) is var node && node >= 0)
        {
            edits.Replace(node, value);
        }
        else
        {
            edits.Append(obj, [.. JsonEdits.Quote(member), (byte)':', .. value]);
        }
    }
}
