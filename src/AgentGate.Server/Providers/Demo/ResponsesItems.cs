using System.Text;
using System.Text.Json.Nodes;

namespace AgentGate.Server.Providers.Demo;

/// <summary>The output items of a response, and the events that build each of them up in a stream.</summary>
internal static class ResponsesItems
{
    public static JsonObject Done(string id, int index, DemoPart part) => part switch
    {
        DemoPart.Text text => Message(id, index, "completed", TextPart(text.Value)),
        DemoPart.ToolCall tool => FunctionCall(id, index, "completed", tool.Name, tool.Arguments),
        DemoPart.Thinking thinking => Reasoning(id, index, thinking.Value),
        _ => Image(id, index, "completed"),
    };

    public static IEnumerable<(string Name, JsonObject Members)> Events(string id, int index, DemoPart part)
    {
        var started = part switch
        {
            DemoPart.Text => Message(id, index, "in_progress", null),
            DemoPart.ToolCall tool => FunctionCall(id, index, "in_progress", tool.Name, string.Empty),
            DemoPart.Thinking => Reasoning(id, index, null),
            _ => Image(id, index, "in_progress"),
        };
        var inner = part switch
        {
            DemoPart.Text text => TextEvents(index, ItemId(id, index, part), text.Value),
            DemoPart.ToolCall tool => ArgumentEvents(index, ItemId(id, index, part), tool),
            DemoPart.Thinking thinking => SummaryEvents(index, ItemId(id, index, part), thinking.Value),
            _ => [],
        };

        return inner.Prepend(("response.output_item.added", new JsonObject { ["output_index"] = index, ["item"] = started }))
            .Append(("response.output_item.done", new JsonObject { ["output_index"] = index, ["item"] = Done(id, index, part) }));
    }

    private static IEnumerable<(string Name, JsonObject Members)> TextEvents(int index, string itemId, string text)
    {
        yield return ("response.content_part.added", At(("part", TextPart(string.Empty))));
        foreach (var piece in DemoText.Pieces(text))
        {
            yield return ("response.output_text.delta", At(("delta", piece), ("logprobs", new JsonArray())));
        }

        yield return ("response.output_text.done", At(("text", text), ("logprobs", new JsonArray())));
        yield return ("response.content_part.done", At(("part", TextPart(text))));

        JsonObject At(params (string Name, JsonNode Value)[] members)
            => Members(new() { ["item_id"] = itemId, ["output_index"] = index, ["content_index"] = 0 }, members);
    }

    private static IEnumerable<(string Name, JsonObject Members)> ArgumentEvents(int index, string itemId, DemoPart.ToolCall tool)
    {
        foreach (var piece in DemoText.Pieces(tool.Arguments))
        {
            yield return ("response.function_call_arguments.delta", At(("delta", piece)));
        }

        yield return ("response.function_call_arguments.done", At(("name", tool.Name), ("arguments", tool.Arguments)));

        JsonObject At(params (string Name, JsonNode Value)[] members)
            => Members(new() { ["item_id"] = itemId, ["output_index"] = index }, members);
    }

    private static IEnumerable<(string Name, JsonObject Members)> SummaryEvents(int index, string itemId, string text)
    {
        yield return ("response.reasoning_summary_part.added", At(("part", SummaryPart(string.Empty))));
        foreach (var piece in DemoText.Pieces(text))
        {
            yield return ("response.reasoning_summary_text.delta", At(("delta", piece)));
        }

        yield return ("response.reasoning_summary_text.done", At(("text", text)));
        yield return ("response.reasoning_summary_part.done", At(("part", SummaryPart(text))));

        JsonObject At(params (string Name, JsonNode Value)[] members)
            => Members(new() { ["item_id"] = itemId, ["output_index"] = index, ["summary_index"] = 0 }, members);
    }

    private static JsonObject Members(JsonObject document, (string Name, JsonNode Value)[] members)
    {
        foreach (var (name, value) in members)
        {
            document[name] = value;
        }

        return document;
    }

    private static string ItemId(string id, int index, DemoPart part) => part switch
    {
        DemoPart.Text => $"msg_{id}-{index}",
        DemoPart.ToolCall => $"fc_{id}-{index}",
        DemoPart.Thinking => $"rs_{id}-{index}",
        _ => $"ig_{id}-{index}",
    };

    private static JsonObject TextPart(string text) => new()
    {
        ["type"] = "output_text",
        ["text"] = text,
        ["annotations"] = new JsonArray(),
        ["logprobs"] = new JsonArray(),
    };

    private static JsonObject SummaryPart(string text) => new() { ["type"] = "summary_text", ["text"] = text };

    private static JsonObject Message(string id, int index, string status, JsonObject? part) => new()
    {
        ["id"] = $"msg_{id}-{index}",
        ["type"] = "message",
        ["status"] = status,
        ["role"] = "assistant",
        ["content"] = part is null ? [] : new JsonArray(part),
    };

    private static JsonObject FunctionCall(string id, int index, string status, string name, string arguments) => new()
    {
        ["id"] = $"fc_{id}-{index}",
        ["type"] = "function_call",
        ["status"] = status,
        ["call_id"] = $"call_{id}-{index}",
        ["name"] = name,
        ["arguments"] = arguments,
    };

    private static JsonObject Reasoning(string id, int index, string? text) => new()
    {
        ["id"] = $"rs_{id}-{index}",
        ["type"] = "reasoning",
        ["summary"] = text is null ? [] : new JsonArray(SummaryPart(text)),
        ["encrypted_content"] = text is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes("demo:" + text)),
    };

    private static JsonObject Image(string id, int index, string status) => new()
    {
        ["id"] = $"ig_{id}-{index}",
        ["type"] = "image_generation_call",
        ["status"] = status,
        ["result"] = status == "completed" ? DemoImage.Base64 : null,
    };
}
