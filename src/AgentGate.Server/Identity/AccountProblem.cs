using AgentGate.Diagnostics;
using AgentGate.Server.Access;

namespace AgentGate.Server.Identity;

/// <summary>Refusals about accounts as RFC 9457 problems: one status per code.</summary>
internal static class AccountProblem
{
    /// <summary>A refusal.</summary>
    /// <param name="code">Why.</param>
    /// <param name="detail">What is wrong and what to do; never what was sent.</param>
    /// <param name="field">The member of the body that is wrong.</param>
    /// <param name="retryAfter">When trying again makes sense.</param>
    public static IResult Of(string code, string detail, string? field = null, TimeSpan? retryAfter = null)
        // The published word for a CAPTCHA that is missing.
        => ApiProblem.Of(StatusOf(code), code, detail, field, retryAfter, code == Codes.CaptchaNeeded ? [("error", "captcha_required")] : []);

    /// <summary>A body that is not what the route takes.</summary>
    public static IResult Of<T>(StrictBody.Reading<T> reading)
        where T : class
        => ApiProblem.Of(reading.Status, Codes.AccountRequestInvalid, reading.Detail!, reading.Field);

    private static int StatusOf(string code) => code switch
    {
        Codes.SignInRefused or Codes.RefreshRefused or Codes.SecondFactorRefused => StatusCodes.Status401Unauthorized,
        Codes.SignInLimited or Codes.AccountLocked or Codes.PasswordQueueFull => StatusCodes.Status429TooManyRequests,
        Codes.AccountDisabled or Codes.RegistrationClosed or Codes.RoleBeyondOwn or Codes.PasswordsClosed or Codes.CsrfRefused
            or Codes.SetupFromElsewhere or Codes.SetupCodeNeeded => StatusCodes.Status403Forbidden,
        Codes.EmailTaken or Codes.AccountChanged or Codes.SetupClosed => StatusCodes.Status409Conflict,
        Codes.AccountNotFound => StatusCodes.Status404NotFound,
        Codes.CaptchaUnreachable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };
}
