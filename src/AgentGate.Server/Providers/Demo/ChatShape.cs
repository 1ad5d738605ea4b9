using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentGate.Server.Providers.Demo;

/// <summary>The shape of <c>/v1/chat/completions</c>.</summary>
internal static class ChatShape
{
    public static DemoPrompt Read(JsonElement root, int length)
    {
        var users = new List<string>();
        var results = new List<string>();
        foreach (var message in DemoContentReader.Items(root, "messages"))
        {
            var role = DemoContentReader.String(message, "role");
            var text = DemoContentReader.Text(DemoContentReader.Member(message, "content"));
            if (role is "tool" or "function")
            {
                results.Add(text);
                continue;
            }

            results.Clear();
            if (role == "user")
            {
                users.Add(text);
            }
        }

        return new DemoPrompt
        {
            Model = DemoContentReader.String(root, "model") ?? string.Empty,
            Stream = DemoContentReader.True(root, "stream"),
            IncludeUsage = DemoContentReader.True(DemoContentReader.Member(root, "stream_options"), "include_usage"),
            UserTexts = [.. users],
            ToolResults = [.. results],
            InputChars = length,
        };
    }

    public static JsonObject Whole(DemoPrompt prompt, DemoAnswer answer, string id, long created)
    {
        var text = string.Join('\n', answer.Parts.OfType<DemoPart.Text>().Select(t => t.Value));
        var message = new JsonObject { ["role"] = "assistant", ["content"] = text.Length > 0 ? text : null, ["refusal"] = null };
        message["annotations"] = new JsonArray();
        if (answer.CallsTools)
        {
            var calls = answer.Parts.OfType<DemoPart.ToolCall>().Select((t, i) => ToolCall(id, i, t.Name, t.Arguments));
            message["tool_calls"] = new JsonArray([.. calls]);
        }

        if (answer.Parts.Any(p => p is DemoPart.Image))
        {
            message["images"] = Images();
        }

        var choice = new JsonObject { ["index"] = 0, ["message"] = message, ["logprobs"] = null, ["finish_reason"] = Finish(answer) };
        var document = Envelope(prompt, id, created, "chat.completion", choice);
        document["usage"] = Usage(prompt, answer);
        return document;
    }

    public static IEnumerable<(string? Name, byte[] Data)> Events(DemoPrompt prompt, DemoAnswer answer, string id, long created)
    {
        yield return Chunk(new JsonObject { ["role"] = "assistant", ["content"] = string.Empty, ["refusal"] = null }, null);
        var call = 0;
        var texts = 0;
        foreach (var part in answer.Parts)
        {
            switch (part)
            {
                case DemoPart.Text text:
                    foreach (var piece in DemoText.Pieces((texts++ > 0 ? "\n" : string.Empty) + text.Value))
                    {
                        yield return Chunk(new JsonObject { ["content"] = piece }, null);
                    }

                    break;
                case DemoPart.ToolCall tool:
                    var head = ToolCall(id, call, tool.Name, string.Empty);
                    head.Insert(0, "index", call);
                    yield return Chunk(new JsonObject { ["tool_calls"] = new JsonArray(head) }, null);
                    foreach (var piece in DemoText.Pieces(tool.Arguments))
                    {
                        var delta = new JsonObject { ["index"] = call, ["function"] = new JsonObject { ["arguments"] = piece } };
                        yield return Chunk(new JsonObject { ["tool_calls"] = new JsonArray(delta) }, null);
                    }

                    call++;
                    break;
                case DemoPart.Image:
                    yield return Chunk(new JsonObject { ["images"] = Images() }, null);
                    break;
            }
        }

        yield return Chunk([], Finish(answer));
        if (prompt.IncludeUsage)
        {
            var usage = Envelope(prompt, id, created, "chat.completion.chunk", null);
            usage["usage"] = Usage(prompt, answer);
            yield return (null, DemoText.Utf8(usage));
        }

        yield return (null, "[DONE]"u8.ToArray());

        (string? Name, byte[] Data) Chunk(JsonObject delta, string? finish)
        {
            var choice = new JsonObject { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = finish };
            var document = Envelope(prompt, id, created, "chat.completion.chunk", choice);
            if (prompt.IncludeUsage)
            {
                document["usage"] = null;
            }

            return (null, DemoText.Utf8(document));
        }
    }

    private static JsonObject Envelope(DemoPrompt prompt, string id, long created, string kind, JsonObject? choice) => new()
    {
        ["id"] = id,
        ["object"] = kind,
        ["created"] = created,
        ["model"] = prompt.Model,
        ["service_tier"] = "default",
        ["system_fingerprint"] = "fp_demo",
        ["choices"] = choice is null ? [] : new JsonArray(choice),
    };

    private static string Finish(DemoAnswer answer) => answer.CallsTools ? "tool_calls" : "stop";

    private static JsonObject ToolCall(string id, int index, string name, string arguments) => new()
    {
        ["id"] = $"call_{id}-{index}",
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = name, ["arguments"] = arguments },
    };

    private static JsonArray Images() =>
    [
        new JsonObject
        {
            ["type"] = "image_url",
            ["image_url"] = new JsonObject { ["url"] = "data:image/png;base64," + DemoImage.Base64 },
        },
    ];

    private static JsonObject Usage(DemoPrompt prompt, DemoAnswer answer) => new()
    {
        ["prompt_tokens"] = prompt.InputTokens,
        ["completion_tokens"] = answer.OutputTokens,
        ["total_tokens"] = prompt.InputTokens + answer.OutputTokens,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = 0, ["audio_tokens"] = 0 },
        ["completion_tokens_details"] = new JsonObject
        {
            ["reasoning_tokens"] = 0,
            ["audio_tokens"] = 0,
            ["accepted_prediction_tokens"] = 0,
            ["rejected_prediction_tokens"] = 0,
        },
    };
}
