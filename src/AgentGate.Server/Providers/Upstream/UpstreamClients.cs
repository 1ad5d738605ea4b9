using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using AgentGate.Providers;
using AgentGate.Server.Providers.Demo;

namespace AgentGate.Server.Providers.Upstream;

/// <summary>One connection pool per provider. Thread-safe.</summary>
internal sealed class UpstreamClients(DemoHandler demo) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<HttpMessageInvoker>> _clients = new(StringComparer.OrdinalIgnoreCase);

    public HttpMessageInvoker Of(Provider provider)
        => _clients.GetOrAdd(provider.Name, _ => new Lazy<HttpMessageInvoker>(() => Create(provider))).Value;

    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(c => c.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    private HttpMessageInvoker Create(Provider provider) => provider.Kind == ProviderKind.Demo
        ? new HttpMessageInvoker(demo, disposeHandler: false)
        : new HttpMessageInvoker(Handler(provider.Options), disposeHandler: true);

    // Everything that could send a request, a credential or a header somewhere else by itself is off.
    private static SocketsHttpHandler Handler(ProviderOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = options.UseProxy,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        EnableMultipleHttp2Connections = true,
        MaxResponseHeadersLength = 64,
        // Enough to reuse a connection whose answer was read to its end; an abandoned answer is aborted, not read on.
        MaxResponseDrainSize = 4 * 1024,
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(250),
    };
}
