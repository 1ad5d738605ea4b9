using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentGate.Server.Providers.Demo;

/// <summary>The shape of <c>/v1/messages</c> and <c>/v1/messages/count_tokens</c>.</summary>
internal static class MessagesShape
{
    public static DemoPrompt Read(JsonElement root, int length)
    {
        var users = new List<string>();
        ImmutableArray<string> results = [];
        foreach (var message in DemoContentReader.Items(root, "messages"))
        {
            results = [];
            if (DemoContentReader.String(message, "role") != "user")
            {
                continue;
            }

            results =
            [
                .. DemoContentReader.Items(message, "content")
                    .Where(b => DemoContentReader.String(b, "type") == "tool_result")
                    .Select(b => DemoContentReader.Text(DemoContentReader.Member(b, "content"))),
            ];
            if (DemoContentReader.Text(DemoContentReader.Member(message, "content")) is var text && (text.Length > 0 || results.IsEmpty))
            {
                users.Add(text);
            }
        }

        return new DemoPrompt
        {
            Model = DemoContentReader.String(root, "model") ?? string.Empty,
            Stream = DemoContentReader.True(root, "stream"),
            UserTexts = [.. users],
            ToolResults = results,
            InputChars = length,
        };
    }

    public static JsonObject Count(DemoPrompt prompt) => new() { ["input_tokens"] = prompt.InputTokens };

    public static JsonObject Whole(DemoPrompt prompt, DemoAnswer answer, string id)
    {
        var blocks = answer.Parts.Select((part, index) => Block(id, index, part));
        return Message(prompt, id, new JsonArray([.. blocks]), Stop(answer), Usage(prompt, answer.OutputTokens));
    }

    public static IEnumerable<(string? Name, byte[] Data)> Events(DemoPrompt prompt, DemoAnswer answer, string id)
    {
        yield return Event("message_start", new() { ["message"] = Message(prompt, id, [], null, Usage(prompt, 1)) });
        foreach (var (index, part) in answer.Parts.Index())
        {
            yield return Event("content_block_start", new() { ["index"] = index, ["content_block"] = Start(id, index, part) });
            if (index == 0)
            {
                yield return Event("ping", []);
            }

            foreach (var delta in Deltas(part))
            {
                yield return Event("content_block_delta", new() { ["index"] = index, ["delta"] = delta });
            }

            yield return Event("content_block_stop", new() { ["index"] = index });
        }

        yield return Event("message_delta", new()
        {
            ["delta"] = new JsonObject { ["stop_reason"] = Stop(answer), ["stop_sequence"] = null, ["stop_details"] = null, ["container"] = null },
            ["usage"] = Usage(prompt, answer.OutputTokens),
        });
        yield return Event("message_stop", []);
    }

    private static IEnumerable<JsonObject> Deltas(DemoPart part)
    {
        switch (part)
        {
            case DemoPart.Text text:
                return DemoText.Pieces(text.Value).Select(p => new JsonObject { ["type"] = "text_delta", ["text"] = p });
            case DemoPart.ToolCall tool:
                // The real stream begins the arguments with an empty piece.
                return DemoText.Pieces(tool.Arguments).Prepend(string.Empty)
                    .Select(p => new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = p });
            case DemoPart.Thinking thinking:
                return DemoText.Pieces(thinking.Value).Select(p => new JsonObject { ["type"] = "thinking_delta", ["thinking"] = p })
                    .Append(new JsonObject { ["type"] = "signature_delta", ["signature"] = Signature(thinking.Value) });
            default:
                return [];
        }
    }

    private static JsonObject Start(string id, int index, DemoPart part) => part switch
    {
        DemoPart.Text => new() { ["type"] = "text", ["text"] = string.Empty },
        DemoPart.Thinking => new() { ["type"] = "thinking", ["thinking"] = string.Empty, ["signature"] = string.Empty },
        DemoPart.ToolCall tool => Tool(id, index, tool.Name, []),
        _ => Block(id, index, part),
    };

    private static JsonObject Block(string id, int index, DemoPart part) => part switch
    {
        DemoPart.Text text => new() { ["type"] = "text", ["text"] = text.Value, ["citations"] = null },
        DemoPart.Thinking thinking => new()
        {
            ["type"] = "thinking",
            ["thinking"] = thinking.Value,
            ["signature"] = Signature(thinking.Value),
        },
        DemoPart.ToolCall tool => Tool(id, index, tool.Name, JsonNode.Parse(tool.Arguments)!.AsObject()),
        _ => new()
        {
            ["type"] = "image",
            ["source"] = new JsonObject { ["type"] = "base64", ["media_type"] = "image/png", ["data"] = DemoImage.Base64 },
        },
    };

    private static JsonObject Tool(string id, int index, string name, JsonObject input) => new()
    {
        ["type"] = "tool_use",
        ["id"] = $"toolu_{id}-{index}",
        ["name"] = name,
        ["input"] = input,
        ["caller"] = new JsonObject { ["type"] = "direct" },
    };

    private static JsonObject Message(DemoPrompt prompt, string id, JsonArray content, string? stop, JsonObject usage) => new()
    {
        ["id"] = id,
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = prompt.Model,
        ["content"] = content,
        ["stop_reason"] = stop,
        ["stop_sequence"] = null,
        ["stop_details"] = null,
        ["container"] = null,
        ["usage"] = usage,
    };

    private static (string? Name, byte[] Data) Event(string name, JsonObject document)
    {
        document.Insert(0, "type", name);
        return (name, DemoText.Utf8(document));
    }

    private static string Stop(DemoAnswer answer) => answer.CallsTools ? "tool_use" : "end_turn";

    // Stands for the provider's signature: it no longer fits once a byte of the block was changed.
    private static string Signature(string thinking) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes("demo:" + thinking)));

    private static JsonObject Usage(DemoPrompt prompt, long output) => new()
    {
        ["input_tokens"] = prompt.InputTokens,
        ["cache_creation_input_tokens"] = 0,
        ["cache_read_input_tokens"] = 0,
        ["cache_creation"] = new JsonObject { ["ephemeral_5m_input_tokens"] = 0, ["ephemeral_1h_input_tokens"] = 0 },
        ["output_tokens"] = output,
        ["server_tool_use"] = null,
        ["service_tier"] = "standard",
    };
}
