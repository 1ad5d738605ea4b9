using System.Text.Json.Serialization;
using AgentGate.Diagnostics;
using AgentGate.Server.Gateway;

namespace AgentGate.Server.Identity.Device;

/// <summary>A refusal in the form devices understand (RFC 6749 §5.2, RFC 8628 §3.5): always 400, with a word.</summary>
internal sealed class DeviceError(string error, string description) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => StatusCodes.Status400BadRequest;

    public Task ExecuteAsync(HttpContext context)
    {
        context.Response.Headers[AnswerWriter.CodeHeader] = Codes.DeviceRefused;
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new Body(error, description, Codes.DeviceRefused), statusCode: StatusCode).ExecuteAsync(context);
    }

    /// <summary>The body.</summary>
    internal sealed record Body(
        [property: JsonPropertyName("error")] string Error,
        [property: JsonPropertyName("error_description")] string ErrorDescription,
        [property: JsonPropertyName("code")] string Code);
}
