using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentGate.Server.Gateway.Formats;
using AgentGate.Server.Providers.Sse;

namespace AgentGate.Integration.Tests.Streams;

/// <summary>What a caller makes of an answer: the text of each channel, the tool calls, how it ended.</summary>
/// <param name="Texts">The text of each channel, joined.</param>
/// <param name="Tools">The tool calls: where, name, arguments.</param>
/// <param name="Finish">How it ended.</param>
/// <param name="Data">The data of each event, as received.</param>
internal sealed record Heard(
    SortedDictionary<string, string> Texts, SortedDictionary<string, (string Name, string Arguments)> Tools, string Finish, IReadOnlyList<string> Data)
{
    public static Heard Stream(ModelFormat format, byte[] bytes)
    {
        var reader = new SseReader(1 << 20);
        reader.Append(bytes);
        Assert.False(reader.IsPartial);
        var heard = new Heard(new(StringComparer.Ordinal), new(StringComparer.Ordinal), "", []);
        var data = new List<string>();
        var finish = "";
        var sequence = -1L;
        while (reader.TryRead(out var next))
        {
            data.Add(Encoding.UTF8.GetString(next.Data.Span));
            if (data[^1] == "[DONE]")
            {
                continue;
            }

            // Throws unless the event is valid JSON.
            using var document = JsonDocument.Parse(next.Data);
            var root = document.RootElement;
            finish += format switch
            {
                ChatFormat => heard.Chat(root),
                ResponsesFormat => heard.Response(root, next.Name, ref sequence),
                _ => heard.Message(root, next.Name),
            };
        }

        return heard with { Finish = finish, Data = data };
    }

    public static Heard Whole(ModelFormat format, ReadOnlyMemory<byte> bytes)
    {
        var heard = new Heard(new(StringComparer.Ordinal), new(StringComparer.Ordinal), "", []);
        using var document = JsonDocument.Parse(bytes);
        var root = document.RootElement;
        switch (format)
        {
            case ChatFormat:
                foreach (var choice in root.GetProperty("choices").EnumerateArray())
                {
                    heard.Chat(choice, choice.GetProperty("message"));
                }

                break;
            case ResponsesFormat:
                heard.Output(root);
                break;
            default:
                foreach (var (index, block) in root.GetProperty("content").EnumerateArray().Index())
                {
                    heard.Block(index, block);
                }

                break;
        }

        return heard;
    }

    public void AssertSame(Heard other, string how)
    {
        Assert.True(Texts.SequenceEqual(other.Texts), $"{how}\nexpected {string.Join('\n', Texts)}\nactual   {string.Join('\n', other.Texts)}");
        Assert.True(Canonical(Tools).SequenceEqual(Canonical(other.Tools)), $"{how}\nexpected {string.Join('\n', Tools)}\nactual   {string.Join('\n', other.Tools)}");
    }

    // A door may write a character of the arguments escaped or not; the JSON must be the same.
    private static IEnumerable<(string At, string Name, string Arguments)> Canonical(SortedDictionary<string, (string Name, string Arguments)> tools)
        => tools.Select(tool => (
            tool.Key, tool.Value.Name, tool.Value.Arguments.Length == 0 ? "{}" : JsonNode.Parse(tool.Value.Arguments)!.ToJsonString()));

    private string Chat(JsonElement root)
    {
        Assert.False(root.TryGetProperty("error", out _), "The stream ended with an error.");
        return string.Concat(root.GetProperty("choices").EnumerateArray().Select(choice => Chat(choice, choice.GetProperty("delta"))));
    }

    private string Chat(JsonElement choice, JsonElement message)
    {
        var at = choice.GetProperty("index").GetInt32();
        foreach (var member in message.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.String && member.Name != "role"))
        {
            Say($"{at}/{member.Name}", member.Value.GetString()!);
        }

        if (message.TryGetProperty("tool_calls", out var calls))
        {
            foreach (var (position, call) in calls.EnumerateArray().Index())
            {
                var index = call.TryGetProperty("index", out var number) ? number.GetInt32() : position;
                Call($"{at}/{index}", Text(call.GetProperty("function"), "name"), Text(call.GetProperty("function"), "arguments"));
            }
        }

        return choice.TryGetProperty("finish_reason", out var finish) && finish.ValueKind == JsonValueKind.String ? $"{at}:{finish.GetString()} " : "";
    }

    private string Response(JsonElement root, string? name, ref long sequence)
    {
        Assert.Equal(name, Text(root, "type"));
        var number = root.GetProperty("sequence_number").GetInt64();
        Assert.True(number > sequence, $"sequence_number {number} after {sequence}");
        sequence = number;
        switch (name)
        {
            case "response.output_text.delta" or "response.reasoning_summary_text.delta":
                Say(Text(root, "item_id"), Text(root, "delta"));
                break;
            case "response.output_text.done" or "response.reasoning_summary_text.done":
                Assert.Equal(Texts[Text(root, "item_id")], Text(root, "text"));
                break;
            case "response.function_call_arguments.delta":
                Call("delta/" + Text(root, "item_id"), "", Text(root, "delta"));
                break;
            case "response.output_item.done" when Text(root.GetProperty("item"), "type") == "function_call":
                Call(Text(root.GetProperty("item"), "id"), Text(root.GetProperty("item"), "name"), Text(root.GetProperty("item"), "arguments"));
                Tools.Remove("delta/" + Text(root.GetProperty("item"), "id"), out var deltas);
                Assert.Equal(deltas.Arguments, Text(root.GetProperty("item"), "arguments"));
                break;
            case "response.completed":
                var whole = new Heard(new(StringComparer.Ordinal), new(StringComparer.Ordinal), "", []);
                whole.Output(root.GetProperty("response"));
                AssertSame(whole, "The last event repeats the answer.");
                return "completed";
        }

        return "";
    }

    private void Output(JsonElement response)
    {
        foreach (var item in response.GetProperty("output").EnumerateArray())
        {
            var parts = item.TryGetProperty("content", out var content) ? content : item.TryGetProperty("summary", out content) ? content : default;
            if (parts.ValueKind == JsonValueKind.Array)
            {
                Say(Text(item, "id"), string.Concat(parts.EnumerateArray().Select(part => Text(part, "text"))));
            }
            else
            {
                Call(Text(item, "id"), Text(item, "name"), Text(item, "arguments"));
            }
        }
    }

    private string Message(JsonElement root, string? name)
    {
        Assert.Equal(name, Text(root, "type"));
        var index = root.TryGetProperty("index", out var number) ? number.GetInt32() : -1;
        switch (name)
        {
            case "error":
                Assert.Fail("The stream ended with an error.");
                break;
            case "content_block_start":
                Block(index, root.GetProperty("content_block"));
                break;
            case "content_block_delta":
                var delta = root.GetProperty("delta");
                if (Text(delta, "type") == "input_json_delta")
                {
                    Call($"{index}", "", Text(delta, "partial_json"));
                }
                else
                {
                    Say($"{index}", Text(delta, "text") + Text(delta, "thinking"));
                }

                break;
            case "message_delta":
                return Text(root.GetProperty("delta"), "stop_reason");
        }

        return "";
    }

    private void Block(int index, JsonElement block)
    {
        if (Text(block, "type") == "tool_use")
        {
            var input = block.GetProperty("input").GetRawText();
            Call($"{index}", Text(block, "name"), input == "{}" ? "" : input);
        }
        else
        {
            Say($"{index}", Text(block, "text") + Text(block, "thinking"));
        }
    }

    private void Say(string channel, string text) => Texts[channel] = Texts.GetValueOrDefault(channel) + text;

    private void Call(string at, string name, string arguments)
    {
        var (named, so) = Tools.GetValueOrDefault(at, ("", ""));
        Tools[at] = (named + name, so + arguments);
    }

    private static string Text(JsonElement element, string name)
        => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
