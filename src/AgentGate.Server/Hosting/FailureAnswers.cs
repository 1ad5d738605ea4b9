using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Server.Gateway;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Hosting;

/// <summary>Answers what nobody caught: a body that could not be read by its own fault's status, everything else with a code and nothing more. The log gets the rest.</summary>
internal static class FailureAnswers
{
    public static Task WriteAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.Features.Get<IExceptionHandlerFeature>()?.Error is BadHttpRequestException bad)
        {
            var most = context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize
                ?? context.RequestServices.GetRequiredService<IOptions<GatewayOptions>>().Value.ApiBodyBytesMax;
            return Refusals.WriteAsync(
                context,
                bad.StatusCode switch
                {
                    StatusCodes.Status413PayloadTooLarge => RequestBounds.TooLarge(most),
                    StatusCodes.Status408RequestTimeout => new Denial(Codes.RequestTimedOut, "The body came too slowly.", DenialKind.Invalid),
                    _ => new Denial(Codes.RequestUnreadable, "The request could not be read as HTTP says it should be.", DenialKind.Invalid),
                },
                bad.StatusCode);
        }

        return Refusals.WriteAsync(context, new Denial(Codes.ServerFailed, "The server failed and did not serve the request; its log says why.", DenialKind.Unavailable));
    }
}
