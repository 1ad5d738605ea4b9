using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Server.Gateway;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Hosting;

/// <summary>Gives a document to refusals that consist of a status alone: what the framework makes of bad JSON, other methods and other media types.</summary>
internal sealed class EmptyRefusals(RequestDelegate next, IOptions<GatewayOptions> gateway)
{
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        var response = context.Response;
        if (response.HasStarted || response.StatusCode < StatusCodes.Status400BadRequest || response.ContentLength > 0 || response.ContentType is { Length: > 0 })
        {
            return;
        }

        var status = response.StatusCode;
        await Refusals.WriteAsync(context, Denial(context, status), status);
    }

    private Denial Denial(HttpContext context, int status) => status switch
    {
        StatusCodes.Status400BadRequest => new(Codes.RequestUnreadable, "The body or a parameter is not what this route takes: JSON of the documented form, not too deep, and parameters that can be read.", DenialKind.Invalid),
        StatusCodes.Status404NotFound => new(Codes.UnknownRoute, "There is no such thing.", DenialKind.NotFound),
        StatusCodes.Status405MethodNotAllowed => new(Codes.MethodRefused, $"This route does not take this method; it takes {context.Response.Headers.Allow}.", DenialKind.Invalid),
        StatusCodes.Status413PayloadTooLarge => RequestBounds.TooLarge(context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? gateway.Value.ApiBodyBytesMax),
        StatusCodes.Status415UnsupportedMediaType => new(Codes.MediaTypeRefused, "This route takes another media type; send Content-Type: application/json.", DenialKind.Invalid),
        StatusCodes.Status408RequestTimeout => new(Codes.RequestTimedOut, "The body came too slowly.", DenialKind.Invalid),
        >= 500 => new(Codes.ServerFailed, "The server failed and did not serve the request; its log says why.", DenialKind.Unavailable),
        _ => new(Codes.RequestRefused, "The request was refused.", DenialKind.Invalid),
    };
}
