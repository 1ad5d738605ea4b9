using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using AgentGate.Alerts;
using AgentGate.Server.Access;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Alerts;

/// <summary>
/// Carries alerts over HTTP. Goes where the operator said and nowhere else: no redirect, no proxy, no cookie; to public addresses alone,
/// whatever the name resolves to at that moment, unless others are allowed. What a receiver answers is not read.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class AlertHttp(IOptions<AlertOptions> options) : IDisposable
{
    private const string Refusal = "The receiver's name leads to no public address; AgentGate:Alerts:AllowPrivateAddresses permits others.";

    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = 16 * 1024,
        ConnectCallback = options.Value.AllowPrivateAddresses ? null : (context, cancellationToken) => PublicConnection.OpenAsync(context, Refusal, cancellationToken),
    });

    /// <summary>Posts JSON.</summary>
    /// <returns><see langword="null"/> when the receiver took it, otherwise why not.</returns>
    public async Task<AlertFailure?> PostAsync(string url, byte[] body, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.ParseAdd("AgentGate-Alerts/1");
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                return new AlertFailure("header-refused");
            }
        }

        try
        {
            using var response = await _invoker.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode
                ? null
                : new AlertFailure($"status-{(int)response.StatusCode}", AfterOf(response.Headers), IsFinal: response.StatusCode == HttpStatusCode.Gone);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new AlertFailure("unreachable");
        }
    }

    public void Dispose() => _invoker.Dispose();

    /// <summary>How long the receiver wants to be left alone; a date is read by the receiver's own clock.</summary>
    private static TimeSpan? AfterOf(HttpResponseHeaders headers)
        => headers.RetryAfter is not { } after ? null : after.Delta ?? (after.Date - headers.Date);
}
