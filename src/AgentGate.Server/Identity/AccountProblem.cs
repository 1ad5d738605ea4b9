using System.Globalization;
using AgentGate.Diagnostics;
using AgentGate.Server.Access;
using AgentGate.Server.Gateway;

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
        => new Answer(code, StatusOf(code), detail, field, retryAfter);

    /// <summary>A body that is not what the route takes.</summary>
    public static IResult Of<T>(StrictBody.Reading<T> reading)
        where T : class
        => new Answer(Codes.AccountRequestInvalid, reading.Status, reading.Detail!, reading.Field, null);

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

    private sealed class Answer(string code, int status, string detail, string? field, TimeSpan? retryAfter) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => status;

        public Task ExecuteAsync(HttpContext context)
        {
            context.Response.Headers[AnswerWriter.CodeHeader] = code;
            var extensions = new Dictionary<string, object?> { ["code"] = code };
            if (field is not null)
            {
                extensions["field"] = field;
            }

            if (code == Codes.CaptchaNeeded)
            {
                // The published word for it.
                extensions["error"] = "captcha_required";
            }

            if (retryAfter is { } after)
            {
                context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            }

            if (status == StatusCodes.Status401Unauthorized)
            {
                context.Response.Headers.WWWAuthenticate = "Bearer realm=\"agentgate\"";
            }

            return TypedResults.Problem(detail, statusCode: status, title: code, type: "urn:agentgate:" + code, extensions: extensions).ExecuteAsync(context);
        }
    }
}
