using System.Globalization;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Server.Gateway;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Hosting;

/// <summary>
/// Refuses what is larger than requests are before anything reads it. A body whose length is not told is bounded while it is read, by the web
/// server; the doors bound their own, larger ones.
/// </summary>
internal sealed class RequestBounds(RequestDelegate next, IOptions<HttpOptions> http, IOptions<GatewayOptions> gateway, GateMetrics metrics)
{
    public Task InvokeAsync(HttpContext context)
    {
        var (denial, status) = Refusal(context.Request);
        if (denial is null)
        {
            return next(context);
        }

        metrics.Refusal("bounds", denial.Code);

        // The rest is not read, so the connection ends here; a client that is not told would use it again.
        context.Response.Headers.Connection = "close";
        return Refusals.WriteAsync(context, denial, status);
    }

    /// <summary>Why a body of an API route is refused.</summary>
    public static Denial TooLarge(long most)
        => new(Codes.TooLarge, string.Create(CultureInfo.InvariantCulture, $"The body is larger than {most} bytes, the most this route takes."), DenialKind.Invalid);

    private (Denial? Denial, int Status) Refusal(HttpRequest request)
    {
        var bounds = http.Value;
        if (request.Path.Value!.Length + (request.QueryString.Value?.Length ?? 0) > bounds.TargetLengthMax)
        {
            return (new Denial(Codes.HeadersTooLarge, $"Path and query are longer than {bounds.TargetLengthMax} characters.", DenialKind.Invalid), StatusCodes.Status414UriTooLong);
        }

        if (request.Headers.Count > bounds.HeadersMax || Bytes(request.Headers) > bounds.HeaderBytesMax)
        {
            return (
                new Denial(Codes.HeadersTooLarge, $"The request has more than {bounds.HeadersMax} headers, or more than {bounds.HeaderBytesMax} bytes of them.", DenialKind.Invalid),
                StatusCodes.Status431RequestHeaderFieldsTooLarge);
        }

        return request.ContentLength > gateway.Value.ApiBodyBytesMax && !request.Path.StartsWithSegments("/v1")
            ? (TooLarge(gateway.Value.ApiBodyBytesMax), StatusCodes.Status413PayloadTooLarge)
            : default;
    }

    private static long Bytes(IHeaderDictionary headers)
    {
        var bytes = 0L;
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                bytes += name.Length + (value?.Length ?? 0) + 4;
            }
        }

        return bytes;
    }
}
