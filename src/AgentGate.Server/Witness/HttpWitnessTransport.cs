using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using AgentGate.Witness;

namespace AgentGate.Server.Witness;

/// <summary>
/// Posts checkpoints to witnesses over HTTP. What leaves is public: a signed checkpoint and hashes. Nothing follows a redirect, and an
/// answer is read up to a bound. Thread-safe.
/// </summary>
internal sealed class HttpWitnessTransport : IWitnessTransport, IDisposable
{
    private static readonly MediaTypeHeaderValue Text = new("text/plain");

    private readonly HttpMessageInvoker _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 16,
        },
        disposeHandler: true);

    public async ValueTask<WitnessReply?> AddCheckpointAsync(Uri witness, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(witness.AbsoluteUri.TrimEnd('/') + "/add-checkpoint"))
        {
            Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = Text } },
        };
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[WitnessReply.LengthMax + 1];
            var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return length > WitnessReply.LengthMax
                ? null
                : new WitnessReply((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, buffer.AsMemory(0, length));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();
}
