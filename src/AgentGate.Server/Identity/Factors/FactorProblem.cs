using AgentGate.Diagnostics;
using AgentGate.Server.Access;

namespace AgentGate.Server.Identity.Factors;

/// <summary>Refusals about factors as RFC 9457 problems: one status per code.</summary>
internal static class FactorProblem
{
    /// <summary>A refusal.</summary>
    /// <param name="code">Why.</param>
    /// <param name="detail">What is wrong and what to do; never what was sent.</param>
    /// <param name="field">The member of the body that is wrong.</param>
    /// <param name="retryAfter">When trying again makes sense.</param>
    public static IResult Of(string code, string detail, string? field = null, TimeSpan? retryAfter = null)
        => ApiProblem.Of(StatusOf(code), code, detail, field, retryAfter);

    /// <summary>A body that is not what the route takes.</summary>
    public static IResult Of<T>(StrictBody.Reading<T> reading)
        where T : class
        => ApiProblem.Of(reading.Status, Codes.FactorRequestInvalid, reading.Detail!, reading.Field);

    private static int StatusOf(string code) => code switch
    {
        Codes.FactorRefused or Codes.FederationTokenRefused or Codes.FederationStateInvalid or Codes.FederationRefused or Codes.FederationProofOld => StatusCodes.Status401Unauthorized,
        Codes.DeviceBeyondOwn or Codes.FederationUnlinked or Codes.FederationDisabled or Codes.FederationAddressUnproved => StatusCodes.Status403Forbidden,
        Codes.PasskeyNotFound or Codes.DeviceUnknown or Codes.FederationUnknown => StatusCodes.Status404NotFound,
        Codes.FactorStands or Codes.FactorConflict or Codes.PasskeysFull => StatusCodes.Status409Conflict,
        Codes.FactorLimited => StatusCodes.Status429TooManyRequests,
        Codes.FederationUnreachable => StatusCodes.Status502BadGateway,
        Codes.PasskeysUnset => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };
}
