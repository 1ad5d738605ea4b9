using System.Text.Json;
using AgentGate.Server.Access;

namespace AgentGate.Server.Gateway;

/// <summary>What the API's description says of the doors: the formats are their providers', so the shapes are theirs and the examples ours.</summary>
internal static class DoorDescriptions
{
    private const string Tag = "Doors";

    private static readonly Dictionary<string, (string Summary, string Request, string Response)> s_doors = new(StringComparer.Ordinal)
    {
        ["/v1/chat/completions"] = (
            "Ask a model, in the form of OpenAI's chat completions; with `stream` as server-sent events.",
            """{"model":"demo-echo","messages":[{"role":"user","content":"hello"}]}""",
            """{"id":"chatcmpl-1","object":"chat.completion","model":"demo-echo","choices":[{"index":0,"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}"""),
        ["/v1/responses"] = (
            "Ask a model, in the form of OpenAI's responses; with `stream` as server-sent events.",
            """{"model":"demo-echo","input":"hello"}""",
            """{"id":"resp_1","object":"response","model":"demo-echo","output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"hello"}]}]}"""),
        ["/v1/embeddings"] = (
            "Have texts embedded, in OpenAI's form.",
            """{"model":"demo-embed","input":"hello"}""",
            """{"object":"list","model":"demo-embed","data":[{"object":"embedding","index":0,"embedding":[0.1,0.2]}],"usage":{"prompt_tokens":1,"total_tokens":1}}"""),
        ["/v1/messages"] = (
            "Ask a model, in the form of Anthropic's messages; with `stream` as server-sent events.",
            """{"model":"demo-echo","max_tokens":99,"messages":[{"role":"user","content":"hello"}]}""",
            """{"id":"msg_1","type":"message","role":"assistant","model":"demo-echo","content":[{"type":"text","text":"hello"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}"""),
        ["/v1/messages/count_tokens"] = (
            "Have tokens counted, in Anthropic's form.",
            """{"model":"demo-echo","messages":[{"role":"user","content":"hello"}]}""",
            """{"input_tokens":1}"""),
        ["/v1/models"] = ("List the models, in OpenAI's form.", string.Empty, """{"object":"list","data":[{"id":"demo-echo","object":"model","owned_by":"demo"}]}"""),
        ["/v1/models/{**id}"] = ("Show a model, in OpenAI's form.", string.Empty, """{"id":"demo-echo","object":"model","owned_by":"demo"}"""),
    };

    /// <summary>Describes a door.</summary>
    public static RouteHandlerBuilder Described(this RouteHandlerBuilder builder, string route)
    {
        var (summary, request, response) = s_doors[route];
        builder = request.Length > 0 ? builder.Reads<JsonElement>() : builder;
        return builder.Produces<JsonElement>().WithTags(Tag).WithSummary(summary).WithExample(request.Length > 0 ? request : null, response);
    }
}
