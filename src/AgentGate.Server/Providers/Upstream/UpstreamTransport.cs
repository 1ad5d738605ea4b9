using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Providers;

namespace AgentGate.Server.Providers.Upstream;

/// <summary>
/// Sends what a permit covers to the provider it covers. The one way out to a model: address, credentials and headers
/// come from configuration, the body from the permit.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class UpstreamTransport(
    ProviderDirectory directory, UpstreamClients clients, TimeProvider time, ILogger<UpstreamTransport> logger)
{
    private static readonly TimeSpan s_retryFirst = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_retryMax = TimeSpan.FromSeconds(5);

    /// <summary>Uses the permit and sends its content.</summary>
    /// <param name="route">Where to; must be among the permit's targets.</param>
    /// <param name="permit">The permit, used here.</param>
    /// <param name="headers">What the caller's headers may say.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away; aborts the request to the provider.</param>
    /// <exception cref="InvalidOperationException">The permit does not cover the route, or was used: a bug, and nothing left.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async Task<UpstreamResponse> SendAsync(
        ModelRoute route, Permit permit, UpstreamHeaders headers, CancellationToken cancellationToken)
    {
        if (!permit.Targets.Contains(route.Target))
        {
            throw new InvalidOperationException(
                $"{Codes.TargetNotPermitted}: the permit does not cover the provider '{route.Provider}' with this model.");
        }

        var provider = directory.Find(route.Provider)
            ?? throw new InvalidOperationException($"{Codes.TargetNotPermitted}: no provider is called '{route.Provider}'.");
        if (!provider.Kind.Speaks(route.Format))
        {
            throw new InvalidOperationException($"{Codes.TargetNotPermitted}: '{route.Provider}' does not speak {route.Format.Name()}.");
        }

        var body = permit.Use().ToUtf8();
        for (var attempt = 0; ; attempt++)
        {
            var (response, retryAfter) = await TryAsync(provider, route, headers, body, permit, attempt, cancellationToken);
            if (response is not null)
            {
                return response;
            }

            Log.Retrying(logger, permit.CallId, provider.Name, attempt + 1, retryAfter);
            await Task.Delay(retryAfter, time, cancellationToken);
        }
    }

    /// <summary>One attempt: a response, or how long to wait for the next attempt.</summary>
    private async Task<(UpstreamResponse? Response, TimeSpan RetryAfter)> TryAsync(
        Provider provider,
        ModelRoute route,
        UpstreamHeaders headers,
        ReadOnlyMemory<byte> body,
        Permit permit,
        int attempt,
        CancellationToken cancellationToken)
    {
        var mayRetry = attempt < provider.Options.Retries;
        var wait = s_retryFirst * Math.Pow(2, attempt);
        using var request = UpstreamRequests.Create(provider, route, headers, body, permit);
        HttpResponseMessage message;
        using (var silence = new CancellationTokenSource(provider.Options.FirstByteTimeout, time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken))
        {
            try
            {
                message = await clients.Of(provider).SendAsync(request, either.Token);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (OperationCanceledException e) when (silence.IsCancellationRequested)
            {
                return (Failed(permit, UpstreamFailures.TimedOut(provider.Name, "did not begin its answer"), e), default);
            }
            catch (OperationCanceledException e)
            {
                // ConnectTimeout: the handler's own token. No byte was sent.
                return mayRetry
                    ? (null, wait)
                    : (Failed(permit, UpstreamFailures.TimedOut(provider.Name, "did not accept a connection"), e, nothingSent: true), default);
            }
            catch (HttpRequestException e) when (e.InnerException is not InvalidOperationException)
            {
                var neverConnected = e.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError;
                return mayRetry && neverConnected
                    ? (null, wait)
                    : (Failed(permit, UpstreamFailures.Unreachable(provider.Name), e, neverConnected), default);
            }
        }

        if (mayRetry && (int)message.StatusCode is 429 or 503 && (RetryAfter(message) ?? wait) is var after && after <= s_retryMax)
        {
            message.Dispose();
            return (null, after);
        }

        return (await ReceiveAsync(provider, message, permit, cancellationToken), default);
    }

    private async Task<UpstreamResponse> ReceiveAsync(
        Provider provider, HttpResponseMessage message, Permit permit, CancellationToken cancellationToken)
    {
        var status = (int)message.StatusCode;
        var encodings = message.Content.Headers.ContentEncoding;
        if (status is < 200 or >= 600 or (>= 300 and < 400) || encodings.Any(e => !e.Equals("identity", StringComparison.OrdinalIgnoreCase)))
        {
            message.Dispose();
            var denial = status is >= 300 and < 400
                ? UpstreamFailures.Redirected(provider.Name, status)
                : status is < 200 or >= 600 ? UpstreamFailures.Broken(provider.Name) : UpstreamFailures.Encoded(provider.Name);
            return Failed(permit, denial, null, nothingSent: status is >= 300 and < 400);
        }

        var headers = UpstreamAnswers.Headers(message);
        var mediaType = message.Content.Headers.ContentType?.MediaType?.ToLowerInvariant() ?? string.Empty;
        var stream = await message.Content.ReadAsStreamAsync(cancellationToken);
        var reader = new UpstreamReader(provider.Name, message, stream, provider.Options.IdleTimeout, time);
        if (status < 300 && mediaType == "text/event-stream")
        {
            return new UpstreamResponse.Events(
                status, headers, new UpstreamEventStream(provider.Name, reader, provider.Options.EventBytesMax));
        }

        await using (reader)
        {
            try
            {
                var body = await reader.ReadAllAsync(provider.Options.ResponseBytesMax, cancellationToken);
                return new UpstreamResponse.Whole(status, headers, mediaType, body);
            }
            catch (UpstreamException e)
            {
                return Failed(permit, e.Denial, e);
            }
        }
    }

    private UpstreamResponse.Failed Failed(Permit permit, Denial denial, Exception? exception, bool nothingSent = false)
    {
        Log.Failed(logger, permit.CallId, denial.Code, denial.Reason, exception);
        return new UpstreamResponse.Failed(denial) { NothingSent = nothingSent };
    }

    private TimeSpan? RetryAfter(HttpResponseMessage message) => message.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow() is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };
}
