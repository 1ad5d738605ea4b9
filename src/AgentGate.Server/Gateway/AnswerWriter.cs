using System.Globalization;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Server.Gateway;

/// <summary>Writes denials and answers of the model routes.</summary>
internal static class AnswerWriter
{
    public const string CodeHeader = "x-agentgate-code";
    public const string CallHeader = "x-agentgate-call-id";

    /// <summary>Names the decision, so that the caller can fetch its certificate.</summary>
    public const string DecisionHeader = "x-agentgate-decision";

    /// <summary>Writes a denial in the provider's shape, with what its SDK needs to know about retrying.</summary>
    public static async Task DenyAsync(HttpContext context, ErrorShape shape, Denial denial, string? callId, int? status = null)
    {
        var response = context.Response;
        response.StatusCode = status ?? (denial.Code == Codes.TooLarge ? StatusCodes.Status413PayloadTooLarge : ErrorShapes.Status(denial.Kind));
        if (denial.Code is Codes.TooLarge or Codes.Busy)
        {
            // The rest of the body is not read, so the connection ends here; a client that is not told would use it again.
            response.Headers.Connection = "close";
        }

        response.ContentType = "application/json";
        response.Headers[CodeHeader] = denial.Code;
        response.Headers["x-should-retry"] = ShouldRetry(denial, response.StatusCode) ? "true" : "false";
        if (denial.RetryAfter is { } after)
        {
            response.Headers.RetryAfter = Math.Ceiling(after.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (denial.Kind == DenialKind.Unauthenticated)
        {
            response.Headers.WWWAuthenticate = "Bearer realm=\"agentgate\"";
        }

        if (denial.DecisionId is { } decision)
        {
            response.Headers[DecisionHeader] = decision;
        }

        if (callId is not null)
        {
            response.Headers[CallHeader] = callId;
        }

        await response.Body.WriteAsync(ErrorShapes.Document(shape, denial, response.StatusCode), context.RequestAborted);
    }

    /// <summary>Says which decision the answer rests on.</summary>
    public static void Name(HttpContext context, IssuedCertificate? certificate)
    {
        if (certificate is not null)
        {
            context.Response.Headers[DecisionHeader] = certificate.DecisionId;
        }
    }

    /// <summary>Writes a complete answer.</summary>
    public static async Task AnswerAsync(
        HttpContext context, int status, IReadOnlyList<KeyValuePair<string, string>> headers, string callId, ReadOnlyMemory<byte> body)
    {
        Begin(context, status, headers, callId, "application/json");
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Writes the head of an answer.</summary>
    public static void Begin(
        HttpContext context, int status, IReadOnlyList<KeyValuePair<string, string>> headers, string callId, string contentType)
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        context.Response.ContentType = contentType;
        context.Response.Headers[CallHeader] = callId;
    }

    private static bool ShouldRetry(Denial denial, int status)
        => denial.Code == Codes.UpstreamRefused
            ? status is StatusCodes.Status408RequestTimeout or StatusCodes.Status409Conflict or StatusCodes.Status429TooManyRequests or >= 500
            : denial.RetryAfter is not null
            || (denial.Kind is DenialKind.Unavailable or DenialKind.Upstream && denial.Code is not (Codes.GuardFailed or Codes.GuardAnsweredNonsense));
}
