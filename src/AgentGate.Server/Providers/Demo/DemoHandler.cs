using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using AgentGate.Server.Providers.Sse;
using AgentGate.Server.Providers.Upstream;

namespace AgentGate.Server.Providers.Demo;

/// <summary>
/// The demo provider: an HTTP handler in place of the network, deterministic and offline. It speaks both protocols and
/// records what it received before it looks at it.
/// </summary>
/// <remarks>Thread-safe. Never opens a connection, whatever the address of the request.</remarks>
internal sealed class DemoHandler(DemoRecord record, TimeProvider time) : HttpMessageHandler
{
    private static readonly string[] s_secretHeaders = ["Authorization", "x-api-key", "api-key", "Proxy-Authorization", "Cookie"];

    private readonly DemoModel _model = new(time);
    private long _count;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var path = request.RequestUri!.AbsolutePath;
        record.Add(time.GetUtcNow(), request.Method.Method, request.RequestUri.PathAndQuery, HeadersOf(request), body, request.Options.TryGetValue(UpstreamRequests.Call, out var call) ? call.Id : null, call.IsUnmasked);

        var number = Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);
        var anthropic = path.StartsWith("/v1/messages", StringComparison.Ordinal) || request.Headers.Contains("anthropic-version");
        var reply = _model.Reply(request.Method, path, anthropic, body, number);
        if (reply.Pause > TimeSpan.Zero && reply.Events is null)
        {
            await Task.Delay(reply.Pause, time, cancellationToken);
        }

        return Response(request, reply, anthropic, number);
    }

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
        var body = request.Content?.Headers.NonValidated ?? default(HttpHeadersNonValidated);
        return
        [
            .. request.Headers.NonValidated.Concat(body).Select(h => KeyValuePair.Create(
                h.Key, s_secretHeaders.Contains(h.Key, StringComparer.OrdinalIgnoreCase) ? "***" : h.Value.ToString())),
        ];
    }
}
