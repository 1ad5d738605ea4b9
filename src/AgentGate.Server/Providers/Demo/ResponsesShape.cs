using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentGate.Server.Providers.Demo;

/// <summary>The shape of <c>/v1/responses</c>: what it reads, and the response object.</summary>
internal static class ResponsesShape
{
    // What a response repeats of its request, with the value for a request that did not say it.
    private static readonly (string Name, string Default)[] s_repeated =
    [
        ("instructions", "null"), ("max_output_tokens", "null"), ("max_tool_calls", "null"), ("metadata", "{}"),
        ("parallel_tool_calls", "true"), ("previous_response_id", "null"), ("prompt_cache_key", "null"), ("safety_identifier", "null"),
        ("service_tier", "\"default\""), ("store", "true"), ("temperature", "1.0"), ("text", "{\"format\":{\"type\":\"text\"}}"),
        ("tool_choice", "\"auto\""), ("tools", "[]"), ("top_logprobs", "0"), ("top_p", "1.0"), ("truncation", "\"disabled\""),
        ("user", "null"),
    ];

    public static DemoPrompt Read(JsonElement root, int length)
    {
        var users = new List<string>();
        var results = new List<string>();
        if (DemoContentReader.Member(root, "input") is { ValueKind: JsonValueKind.String } text)
        {
            users.Add(text.GetString()!);
        }

        foreach (var item in DemoContentReader.Items(root, "input"))
        {
            if (DemoContentReader.String(item, "type") is "function_call_output" or "custom_tool_call_output")
            {
                results.Add(DemoContentReader.Text(DemoContentReader.Member(item, "output")));
                continue;
            }

            results.Clear();
            if (DemoContentReader.String(item, "role") == "user")
            {
                users.Add(DemoContentReader.Text(DemoContentReader.Member(item, "content")));
            }
        }

        return new DemoPrompt
        {
            Model = DemoContentReader.String(root, "model") ?? string.Empty,
            Stream = DemoContentReader.True(root, "stream"),
            UserTexts = [.. users],
            ToolResults = [.. results],
            InputChars = length,
        };
    }

    public static JsonObject Whole(JsonElement root, DemoPrompt prompt, DemoAnswer answer, string id, long created)
    {
        var output = answer.Parts.Select((part, index) => ResponsesItems.Done(id, index, part));
        var response = Response(root, prompt, id, created, "completed", new JsonArray([.. output]));
        response["usage"] = new JsonObject
        {
            ["input_tokens"] = prompt.InputTokens,
            ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
            ["output_tokens"] = answer.OutputTokens,
            ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
            ["total_tokens"] = prompt.InputTokens + answer.OutputTokens,
        };
        return response;
    }

    public static IEnumerable<(string? Name, byte[] Data)> Events(
        JsonElement root, DemoPrompt prompt, DemoAnswer answer, string id, long created)
    {
        var sequence = 0;
        yield return Event("response.created", new() { ["response"] = Response(root, prompt, id, created, "in_progress", []) });
        yield return Event("response.in_progress", new() { ["response"] = Response(root, prompt, id, created, "in_progress", []) });
        for (var index = 0; index < answer.Parts.Length; index++)
        {
            foreach (var (name, members) in ResponsesItems.Events(id, index, answer.Parts[index]))
            {
                yield return Event(name, members);
            }
        }

        yield return Event("response.completed", new() { ["response"] = Whole(root, prompt, answer, id, created) });

        (string? Name, byte[] Data) Event(string name, JsonObject document)
        {
            document.Insert(0, "type", name);
            document.Insert(1, "sequence_number", sequence++);
            return (name, DemoText.Utf8(document));
        }
    }

    private static JsonObject Response(JsonElement root, DemoPrompt prompt, string id, long created, string status, JsonArray output)
    {
        var response = new JsonObject
        {
            ["id"] = id,
            ["object"] = "response",
            ["created_at"] = created,
            ["status"] = status,
            ["background"] = false,
            ["error"] = null,
            ["incomplete_details"] = null,
            ["model"] = prompt.Model,
            ["output"] = output,
            ["reasoning"] = new JsonObject { ["effort"] = null, ["summary"] = null },
            ["usage"] = null,
        };
        foreach (var (name, value) in s_repeated)
        {
            var said = DemoContentReader.Member(root, name);
            response[name] = JsonNode.Parse(said.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? value : said.GetRawText());
        }

        return response;
    }
}
