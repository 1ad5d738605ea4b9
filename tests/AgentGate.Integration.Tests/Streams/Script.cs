using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentGate.Server.Gateway.Formats;
using AgentGate.Server.Providers.Sse;

namespace AgentGate.Integration.Tests.Streams;

/// <summary>One answer of a provider, as a stream and whole: two texts and two or three tool calls, their deltas interleaved.</summary>
/// <param name="Format">The wire format.</param>
/// <param name="Escaped">Whether the provider escapes <c>&lt;</c> and everything beyond ASCII in its JSON.</param>
/// <param name="Text">A text; a second one holds it twice.</param>
/// <param name="Tools">Names and arguments.</param>
internal sealed record Script(ModelFormat Format, bool Escaped, string Text, params (string Name, string Arguments)[] Tools)
{
    /// <summary>A request whose tokens are <c>SSN_1</c> and <c>EMAIL_1</c>.</summary>
    public string Request => Format switch
    {
        ResponsesFormat => """{"model":"m","input":"123-45-6789 and ann@example.org"}""",
        MessagesFormat => """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"123-45-6789 and ann@example.org"}]}""",
        _ => """{"model":"m","messages":[{"role":"user","content":"123-45-6789 and ann@example.org"}]}""",
    };

    private string Second => Text + " / " + Text;

    /// <summary>The stream's bytes.</summary>
    /// <param name="cut">Cuts a text into the deltas it comes in.</param>
    public byte[] Stream(Func<string, IEnumerable<string>> cut) => Format switch
    {
        ResponsesFormat => Bytes(Responses(cut)),
        MessagesFormat => Bytes(Messages(cut)),
        _ => [.. Bytes(Chat(cut)), .. "data: [DONE]\n\n"u8],
    };

    /// <summary>The same answer, whole.</summary>
    public string Whole => Json(Format switch
    {
        ResponsesFormat => Response("completed", Output()),
        MessagesFormat => Message([
            Block(0, Text), .. Tools.Select((tool, index) => Use(index + 1, tool.Name, JsonNode.Parse(tool.Arguments)!)), Block(Tools.Length + 1, Second)]),
        _ => new JsonObject
        {
            ["id"] = "c1",
            ["choices"] = new JsonArray(
                new JsonObject
                {
                    ["index"] = 0,
                    ["message"] = new JsonObject
                    {
                        ["role"] = "assistant",
                        ["content"] = Text,
                        ["tool_calls"] = new JsonArray([.. Tools.Select((tool, index) => ChatCall(index, tool.Name, tool.Arguments))]),
                    },
                    ["finish_reason"] = "tool_calls",
                },
                new JsonObject { ["index"] = 1, ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = Second }, ["finish_reason"] = "stop" }),
        },
    });

    private byte[] Bytes(IEnumerable<JsonObject> events) => [.. events.SelectMany(next =>
        SseWriter.ToBytes(Encoding.UTF8.GetBytes(Json(next)), Format is ChatFormat ? null : next["type"]!.GetValue<string>()))];

    private string Json(JsonNode node) => node.ToJsonString(new JsonSerializerOptions
    {
        Encoder = Escaped ? JavaScriptEncoder.Default : JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    private IEnumerable<JsonObject> Chat(Func<string, IEnumerable<string>> cut)
    {
        yield return Chunk(0, new() { ["role"] = "assistant", ["content"] = "" });
        yield return Chunk(1, new() { ["role"] = "assistant", ["content"] = "" });
        var lanes = new List<IEnumerable<JsonObject>>
        {
            cut(Text).Select(piece => Chunk(0, new() { ["content"] = piece })),
            cut(Second).Select(piece => Chunk(1, new() { ["content"] = piece })),
        };
        lanes.AddRange(Tools.Select((tool, index) => cut(tool.Arguments)
            .Select(piece => Chunk(0, new()
            {
                ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = piece } }),
            }))
            .Prepend(Chunk(0, new() { ["tool_calls"] = new JsonArray(ChatCall(index, tool.Name, "")) }))));
        foreach (var chunk in Interleaved(lanes))
        {
            yield return chunk;
        }

        yield return Chunk(1, [], "stop");
        yield return Chunk(0, [], Tools.Length > 0 ? "tool_calls" : "stop");

        static JsonObject Chunk(int choice, JsonObject delta, string? finish = null) => new()
        {
            ["id"] = "c1",
            ["object"] = "chat.completion.chunk",
            ["choices"] = new JsonArray(new JsonObject { ["index"] = choice, ["delta"] = delta, ["finish_reason"] = finish }),
        };
    }

    private static JsonObject ChatCall(int index, string name, string arguments) => new()
    {
        ["index"] = index,
        ["id"] = $"call_{index}",
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = name, ["arguments"] = arguments },
    };

    private IEnumerable<JsonObject> Responses(Func<string, IEnumerable<string>> cut)
    {
        var lanes = new List<IEnumerable<JsonObject>>();
        foreach (var (index, item) in Output().Index())
        {
            var isCall = item["type"]!.GetValue<string>() == "function_call";
            var family = isCall ? "function_call_arguments" : index == 0 ? "reasoning_summary_text" : "output_text";
            var text = isCall ? item["arguments"]!.GetValue<string>() : index == 0 ? Text : Second;
            var started = item.DeepClone().AsObject();
            started[isCall ? "arguments" : index == 0 ? "summary" : "content"] = isCall ? "" : new JsonArray();
            var place = index == 0 ? "summary_index" : "content_index";
            lanes.Add([
                new() { ["type"] = "response.output_item.added", ["output_index"] = index, ["item"] = started },
                .. cut(text).Select(piece => At(family + ".delta", ("delta", piece))),
                At(family + ".done", (isCall ? "arguments" : "text", text)),
                new() { ["type"] = "response.output_item.done", ["output_index"] = index, ["item"] = item.DeepClone() }]);

            JsonObject At(string type, (string Name, string Value) member) => new()
            {
                ["type"] = "response." + type, ["item_id"] = $"i{index}", ["output_index"] = index, [place] = 0, [member.Name] = member.Value,
            };
        }

        var events = Interleaved(lanes)
            .Prepend(new JsonObject { ["type"] = "response.created", ["response"] = Response("in_progress", []) })
            .Append(new JsonObject { ["type"] = "response.completed", ["response"] = Response("completed", Output()) });
        var sequence = 0;
        foreach (var next in events)
        {
            next["sequence_number"] = sequence++;
            yield return next;
        }
    }

    private JsonObject[] Output() =>
    [
        new() { ["id"] = "i0", ["type"] = "reasoning", ["summary"] = new JsonArray(new JsonObject { ["type"] = "summary_text", ["text"] = Text }) },
        .. Tools.Select((tool, index) => new JsonObject
        {
            ["id"] = $"i{index + 1}", ["type"] = "function_call", ["call_id"] = $"call_{index}", ["name"] = tool.Name, ["arguments"] = tool.Arguments,
        }),
        new()
        {
            ["id"] = $"i{Tools.Length + 1}",
            ["type"] = "message",
            ["role"] = "assistant",
            ["content"] = new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = Second, ["annotations"] = new JsonArray() }),
        },
    ];

    private static JsonObject Response(string status, JsonObject[] output)
        => new() { ["id"] = "r1", ["object"] = "response", ["status"] = status, ["output"] = new JsonArray(output) };

    private IEnumerable<JsonObject> Messages(Func<string, IEnumerable<string>> cut)
    {
        yield return new() { ["type"] = "message_start", ["message"] = Message([]) };
        IEnumerable<(JsonObject Start, string Text, string Type, string Member)> blocks =
        [
            (Block(0, ""), Text, "text_delta", "text"),
            .. Tools.Select((tool, index) => (Use(index + 1, tool.Name, new JsonObject()), tool.Arguments, "input_json_delta", "partial_json")),
            (Block(Tools.Length + 1, ""), Second, "text_delta", "text"),
        ];
        foreach (var (index, (start, text, type, member)) in blocks.Index())
        {
            yield return new() { ["type"] = "content_block_start", ["index"] = index, ["content_block"] = start };
            foreach (var piece in cut(text))
            {
                yield return new()
                {
                    ["type"] = "content_block_delta", ["index"] = index, ["delta"] = new JsonObject { ["type"] = type, [member] = piece },
                };
            }

            yield return new() { ["type"] = "content_block_stop", ["index"] = index };
        }

        yield return new() { ["type"] = "message_delta", ["delta"] = new JsonObject { ["stop_reason"] = Tools.Length > 0 ? "tool_use" : "end_turn" } };
        yield return new() { ["type"] = "message_stop" };
    }

    private static JsonObject Block(int index, string text) => new() { ["type"] = "text", ["text"] = text, ["n"] = index };

    private static JsonObject Use(int index, string name, JsonNode input)
        => new() { ["type"] = "tool_use", ["id"] = $"toolu_{index}", ["name"] = name, ["input"] = input };

    private static JsonObject Message(JsonObject[] content)
        => new() { ["id"] = "m1", ["type"] = "message", ["role"] = "assistant", ["content"] = new JsonArray(content), ["stop_reason"] = null };

    private static IEnumerable<JsonObject> Interleaved(List<IEnumerable<JsonObject>> lanes)
    {
        var queues = lanes.Select(lane => new Queue<JsonObject>(lane)).ToList();
        while (queues.Exists(queue => queue.Count > 0))
        {
            foreach (var queue in queues)
            {
                if (queue.TryDequeue(out var next))
                {
                    yield return next;
                }
            }
        }
    }
}
