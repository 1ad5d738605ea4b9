using System.Globalization;
using AgentGate.Diagnostics;
using AgentGate.Server.Access;
using AgentGate.Server.Gateway;

namespace AgentGate.Server.Identity.Factors;

/// <summary>Refusals about factors as RFC 9457 problems: one status per code.</summary>
internal sealed class FactorProblem(string code, int status, string detail, string? field, TimeSpan? retryAfter) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => status;

    /// <summary>A refusal.</summary>
    /// <param name="code">Why.</param>
    /// <param name="detail">What is wrong and what to do; never what was sent.</param>
    /// <param name="field">The member of the body that is wrong.</param>
    /// <param name="retryAfter">When trying again makes sense.</param>
    public static FactorProblem Of(string code, string detail, string? field = null, TimeSpan? retryAfter = null)
        => new(code, StatusOf(code), detail, field, retryAfter);

    /// <summary>A body that is not what the route takes.</summary>
    public static FactorProblem Of<T>(StrictBody.Reading<T> reading)
        where T : class
        => new(Codes.FactorRequestInvalid, reading.Status, reading.Detail!, reading.Field, null);

    public Task ExecuteAsync(HttpContext context)
    {
        context.Response.Headers[AnswerWriter.CodeHeader] = code;
        if (retryAfter is { } after)
        {
            context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"agentgate\"";
        }

        var extensions = new Dictionary<string, object?> { ["code"] = code };
        if (field is not null)
        {
            extensions["field"] = field;
        }

        return TypedResults.Problem(detail, statusCode: status, title: code, type: "urn:agentgate:" + code, extensions: extensions).ExecuteAsync(context);
    }

    private static int StatusOf(string code) => code switch
    {
        Codes.FactorRefused or Codes.FederationTokenRefused or Codes.FederationStateInvalid or Codes.FederationRefused => StatusCodes.Status401Unauthorized,
        Codes.DeviceBeyondOwn or Codes.FederationUnlinked or Codes.FederationDisabled => StatusCodes.Status403Forbidden,
        Codes.PasskeyNotFound or Codes.DeviceUnknown or Codes.FederationUnknown => StatusCodes.Status404NotFound,
        Codes.FactorStands or Codes.FactorConflict or Codes.PasskeysFull => StatusCodes.Status409Conflict,
        Codes.FactorLimited => StatusCodes.Status429TooManyRequests,
        Codes.FederationUnreachable => StatusCodes.Status502BadGateway,
        Codes.PasskeysUnset => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };
}
