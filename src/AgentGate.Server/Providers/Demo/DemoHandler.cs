using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentGate.Server.Providers.Sse;

namespace AgentGate.Server.Providers.Demo;

/// <summary>
/// The demo provider: an HTTP handler in place of the network, deterministic and offline. It speaks both protocols and
/// records what it received before it looks at it.
/// </summary>
/// <remarks>Thread-safe. Never opens a connection, whatever the address of the request.</remarks>
internal sealed class DemoHandler(DemoRecord record, TimeProvider time) : HttpMessageHandler
{
    public const string EchoModel = "demo-echo";
    public const string EmbedModel = "demo-embed";

    private static readonly string[] s_models = [EchoModel, EmbedModel];
    private static readonly string[] s_secretHeaders = ["Authorization", "x-api-key", "api-key", "Proxy-Authorization", "Cookie"];

    private readonly DemoMemory _memory = new();
    private long _count;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var path = request.RequestUri!.AbsolutePath;
        record.Add(time.GetUtcNow(), request.Method.Method, request.RequestUri.PathAndQuery, HeadersOf(request), body);

        var number = Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);
        var anthropic = path.StartsWith("/v1/messages", StringComparison.Ordinal) || request.Headers.Contains("anthropic-version");
        var reply = Reply(request.Method, path, anthropic, body, number);
        if (reply.Pause > TimeSpan.Zero && reply.Events is null)
        {
            await Task.Delay(reply.Pause, time, cancellationToken);
        }

        return Response(request, reply, anthropic, number);
    }

    private DemoReply Reply(HttpMethod method, string path, bool anthropic, byte[] body, string number)
    {
        if (method == HttpMethod.Get && path == "/v1/models")
        {
            return Ok(ModelsShape.List(s_models, anthropic));
        }

        if (method == HttpMethod.Get && path.StartsWith("/v1/models/", StringComparison.Ordinal))
        {
            var id = Uri.UnescapeDataString(path["/v1/models/".Length..]);
            return s_models.Contains(id) ? Ok(ModelsShape.One(id, anthropic)) : Error(404, $"The model '{id}' does not exist.", "model_not_found");
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

    private HttpResponseMessage Response(HttpRequestMessage request, DemoReply reply, bool anthropic, string number)
    {
        List<byte[]> blocks = reply.Events is { } events
            ? [.. events.Select(e => SseWriter.ToBytes(e.Data, e.Name))]
            : [reply.Body[..(reply.Body.Length / 2)], reply.Body[(reply.Body.Length / 2)..]];
        var stream = new DemoStream(
            blocks, reply.Events is null ? TimeSpan.Zero : reply.Pause, reply.BreaksMidway ? blocks.Count / 2 : null, time);
        var response = new HttpResponseMessage((HttpStatusCode)reply.Status)
        {
            RequestMessage = request,
            Content = new DemoContent(stream, reply.Events is null ? "application/json" : "text/event-stream"),
        };
        response.Headers.TryAddWithoutValidation(anthropic ? "request-id" : "x-request-id", "req_demo-" + number);
        if (!anthropic)
        {
            response.Headers.TryAddWithoutValidation("openai-processing-ms", "1");
        }

        if (reply.Status is 429 or 503)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", "1");
        }

        if (reply.Status is 300 or 301 or 302 or 303 or 307 or 308)
        {
            response.Headers.TryAddWithoutValidation("Location", "http://demo.invalid/elsewhere");
        }

        return response;
    }

    private static List<KeyValuePair<string, string>> HeadersOf(HttpRequestMessage request)
    {
        var headers = request.Headers.NonValidated.Concat(request.Content?.Headers.NonValidated ?? default(System.Net.Http.Headers.HttpHeadersNonValidated));
        return
        [
            .. headers.Select(h => KeyValuePair.Create(
                h.Key, s_secretHeaders.Contains(h.Key, StringComparer.OrdinalIgnoreCase) ? "***" : h.Value.ToString())),
        ];
    }
}
