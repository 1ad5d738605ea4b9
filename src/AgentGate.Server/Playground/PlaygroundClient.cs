using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentGate.Dashboard.Playground;
using AgentGate.Server.Gateway;
using AgentGate.Server.Providers.Demo;

namespace AgentGate.Server.Playground;

/// <summary>Makes the playground's requests: ordinary ones, over the loopback, to the route that every agent uses.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PlaygroundClient(OwnAddress address) : IDisposable
{
    // As an agent's SDK would write it; the page shows these bytes.
    private static readonly JsonSerializerOptions s_relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromMinutes(2),
    };

    /// <summary>Sends one message to the demo model and reads its streamed answer.</summary>
    /// <exception cref="HttpRequestException">The door cannot be reached.</exception>
    public async IAsyncEnumerable<PlaygroundEvent> SendAsync(string message, string key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address.Find(), "v1/chat/completions"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["model"] = DemoModel.EchoModel,
            ["stream"] = true,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = message }),
        }, s_relaxed));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        yield return new PlaygroundEvent.Answered(
            (int)response.StatusCode,
            Header(response, AnswerWriter.CallHeader),
            Header(response, "RateLimit"),
            Header(response, "RateLimit-Policy"));
        if (response.StatusCode != HttpStatusCode.OK)
        {
            yield return await RefusedAsync(response, cancellationToken);
            yield break;
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellationToken))
        {
            if (item.Data is "[DONE]")
            {
                break;
            }

            foreach (var happened in Read(item.Data))
            {
                yield return happened;
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private static IEnumerable<PlaygroundEvent> Read(string data)
    {
        var chunk = JsonNode.Parse(data);
        if (chunk?["error"] is JsonObject error)
        {
            yield return Refused(error, null, null);
        }
        else if (chunk?["choices"] is JsonArray { Count: > 0 } choices && choices[0]?["delta"] is JsonObject delta)
        {
            if (delta["content"]?.GetValue<string>() is { Length: > 0 } text)
            {
                yield return new PlaygroundEvent.Text(text);
            }

            if (delta["tool_calls"] is JsonArray calls)
            {
                yield return new PlaygroundEvent.Text(calls.ToJsonString());
            }
        }
    }

    private static async Task<PlaygroundEvent> RefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var retryAfter = response.Headers.RetryAfter?.Delta is { } after ? (int?)Math.Ceiling(after.TotalSeconds) : null;
        var code = Header(response, AnswerWriter.CodeHeader);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            return JsonNode.Parse(text)?["error"] is JsonObject error
                ? Refused(error, code, retryAfter)
                : new PlaygroundEvent.Refused(code, $"The door answered with status {(int)response.StatusCode}.", retryAfter);
        }
        catch (JsonException)
        {
            return new PlaygroundEvent.Refused(code, $"The door answered with status {(int)response.StatusCode}.", retryAfter);
        }
    }

    private static PlaygroundEvent.Refused Refused(JsonObject error, string? code, int? retryAfter)
    {
        code ??= (error["code"] as JsonValue)?.ToString();
        var message = error["message"]?.ToString() ?? "The call was refused.";

        // The page shows the code by itself.
        return new PlaygroundEvent.Refused(code, code is not null && message.StartsWith(code + ": ", StringComparison.Ordinal) ? message[(code.Length + 2)..] : message, retryAfter);
    }

    private static string? Header(HttpResponseMessage response, string name)
        => response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
