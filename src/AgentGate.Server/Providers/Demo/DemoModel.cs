using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentGate.Server.Providers.Demo;

/// <summary>The demo models behind their routes: reads a request, lets the script decide, answers in the route's shape.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class DemoModel(TimeProvider time)
{
    public const string EchoModel = "demo-echo";
    public const string EmbedModel = "demo-embed";

    private static readonly string[] s_models = [EchoModel, EmbedModel];

    private readonly DemoMemory _memory = new();

    public DemoReply Reply(HttpMethod method, string path, bool anthropic, byte[] body, string number)
    {
        if (method == HttpMethod.Get && path == "/v1/models")
        {
            return Ok(ModelsShape.List(s_models, anthropic));
        }

        if (method == HttpMethod.Get && path.StartsWith("/v1/models/", StringComparison.Ordinal))
        {
            var id = Uri.UnescapeDataString(path["/v1/models/".Length..]);
            return s_models.Contains(id) ? Ok(ModelsShape.One(id, anthropic)) : NoModel(id);
        }

        if (method != HttpMethod.Post)
        {
            return Error(404, $"Unknown request: {method} {path}.");
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            return path switch
            {
                "/v1/chat/completions" => Chat(document.RootElement, body.Length, "chatcmpl-demo-" + number),
                "/v1/responses" => Responses(document.RootElement, body.Length, "resp_demo-" + number),
                "/v1/embeddings" when WrongModel(document.RootElement, EmbedModel) is { } model => NoModel(model),
                "/v1/embeddings" => EmbeddingsShape.Answer(document.RootElement, EmbedModel),
                "/v1/messages" or "/v1/messages/count_tokens" => Messages(document.RootElement, body.Length, path, "msg_demo-" + number),
                _ => Error(404, $"Unknown request: {method} {path}."),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Error(400, "The body is not JSON of the shape that this route takes.");
        }

        DemoReply Error(int status, string message, string? code = null)
            => anthropic ? DemoErrors.Anthropic(status, message, "req_demo-" + number) : DemoErrors.OpenAI(status, message, code);

        DemoReply NoModel(string model) => Error(404, $"The model '{model}' does not exist.", "model_not_found");
    }

    private DemoReply Chat(JsonElement root, int length, string id)
    {
        var prompt = ChatShape.Read(root, length);
        if (WrongModel(root, EchoModel) is { } model)
        {
            return DemoErrors.OpenAI(404, $"The model '{model}' does not exist.", "model_not_found");
        }

        var answer = DemoScript.Answer(prompt);
        if (answer.ErrorStatus is { } status)
        {
            return DemoErrors.OpenAI(status, "The demo provider fails, as it was asked to.");
        }

        var created = time.GetUtcNow().ToUnixTimeSeconds();
        return prompt.Stream
            ? Events(answer, ChatShape.Events(prompt, answer, id, created))
            : Whole(answer, ChatShape.Whole(prompt, answer, id, created));
    }

    private DemoReply Responses(JsonElement root, int length, string id)
    {
        var prompt = ResponsesShape.Read(root, length);
        if (WrongModel(root, EchoModel) is { } model)
        {
            return DemoErrors.OpenAI(404, $"The model '{model}' does not exist.", "model_not_found");
        }

        if (DemoContentReader.String(root, "previous_response_id") is { } previous)
        {
            if (_memory.Recall(previous) is not { } texts)
            {
                return DemoErrors.OpenAI(
                    400, $"Previous response with id '{previous}' not found.", "previous_response_not_found", "previous_response_id");
            }

            prompt = prompt with { UserTexts = [.. texts, .. prompt.UserTexts] };
        }

        var answer = DemoScript.Answer(prompt);
        if (answer.ErrorStatus is { } status)
        {
            return DemoErrors.OpenAI(status, "The demo provider fails, as it was asked to.");
        }

        if (DemoContentReader.Member(root, "store").ValueKind != JsonValueKind.False)
        {
            _memory.Remember(id, prompt.UserTexts);
        }

        var created = time.GetUtcNow().ToUnixTimeSeconds();
        return prompt.Stream
            ? Events(answer, ResponsesShape.Events(root, prompt, answer, id, created))
            : Whole(answer, ResponsesShape.Whole(root, prompt, answer, id, created));
    }

    private static DemoReply Messages(JsonElement root, int length, string path, string id)
    {
        var prompt = MessagesShape.Read(root, length);
        if (WrongModel(root, EchoModel) is { } model)
        {
            return DemoErrors.Anthropic(404, "model: " + model, "req_" + id);
        }

        if (path.EndsWith("/count_tokens", StringComparison.Ordinal))
        {
            return Ok(MessagesShape.Count(prompt));
        }

        var answer = DemoScript.Answer(prompt);
        if (answer.ErrorStatus is { } status)
        {
            return DemoErrors.Anthropic(status, "The demo provider fails, as it was asked to.", "req_" + id);
        }

        return prompt.Stream
            ? Events(answer, MessagesShape.Events(prompt, answer, id))
            : Whole(answer, MessagesShape.Whole(prompt, answer, id));
    }

    private static string? WrongModel(JsonElement root, string expected)
        => DemoContentReader.String(root, "model") is var model && model == expected ? null : model ?? string.Empty;

    private static DemoReply Ok(JsonObject document) => new() { Body = DemoText.Utf8(document) };

    private static DemoReply Whole(DemoAnswer answer, JsonObject document)
        => new() { Body = DemoText.Utf8(document), Pause = answer.Pause, BreaksMidway = answer.BreaksMidway };

    private static DemoReply Events(DemoAnswer answer, IEnumerable<(string? Name, byte[] Data)> events)
        => new() { Events = [.. events], Pause = answer.Pause, BreaksMidway = answer.BreaksMidway };
}
