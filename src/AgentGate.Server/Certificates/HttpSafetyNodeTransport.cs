using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using AgentGate.Certificates;
using AgentGate.Kernel.Certificates;
using AgentGate.Server.Access;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Certificates;

/// <summary>
/// Carries questions to safety nodes over HTTP. Goes where the operator said and nowhere else: no redirect, no proxy, no cookie;
/// reads no more of an answer than a vote has. Nodes that a tenant registered are reached at public addresses alone, whatever their
/// name resolves to at that moment, unless the operator allows others. Thread-safe.
/// </summary>
internal sealed class HttpSafetyNodeTransport(IOptions<SafetyNodeOptions> options) : ISafetyNodeTransport, IDisposable
{
    private readonly HttpMessageInvoker _configured = new(Handler(null));
    private readonly HttpMessageInvoker _registered = new(Handler(options.Value.AllowPrivateAddresses ? null : ConnectPublicAsync));

    private static SocketsHttpHandler Handler(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = SignedVote.LengthMax,
        ConnectCallback = connect,
    };

    public async ValueTask<ReadOnlyMemory<byte>> AskAsync(SafetyNode node, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Url, "vote")) { Content = content };
        try
        {
            using var response = await (node.Tenant is null ? _configured : _registered).SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new SafetyNodeUnreachableException($"it answered {(int)response.StatusCode}");
            }

            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[SignedVote.LengthMax + 1];
            var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return length <= SignedVote.LengthMax ? buffer.AsMemory(0, length) : throw new SafetyNodeUnreachableException("its answer is too long for a vote");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new SafetyNodeUnreachableException("it cannot be reached", exception);
        }
    }

    public void Dispose()
    {
        _configured.Dispose();
        _registered.Dispose();
    }

    private static ValueTask<Stream> ConnectPublicAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
        => PublicConnection.OpenAsync(context, "The node's name leads to no public address; AgentGate:SafetyNodes:AllowPrivateAddresses permits others.", cancellationToken);
}
