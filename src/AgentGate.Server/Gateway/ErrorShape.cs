using System.Text.Json;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Server.Gateway;

/// <summary>The shape of errors a provider's official SDK turns into its typed exceptions.</summary>
internal enum ErrorShape
{
    /// <summary><c>{"error":{"message","type","param","code"}}</c>.</summary>
    OpenAI,

    /// <summary><c>{"type":"error","error":{"type","message"}}</c>.</summary>
    Anthropic,
}

/// <summary>Writes denials in a provider's shape.</summary>
internal static class ErrorShapes
{
    /// <summary>The HTTP status of a denial (design, "Decisions taken once").</summary>
    public static int Status(DenialKind kind) => kind switch
    {
        DenialKind.Invalid => StatusCodes.Status400BadRequest,
        DenialKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        DenialKind.Forbidden or DenialKind.Held => StatusCodes.Status403Forbidden,
        DenialKind.NotFound => StatusCodes.Status404NotFound,
        DenialKind.Limited => StatusCodes.Status429TooManyRequests,
        DenialKind.Upstream => StatusCodes.Status502BadGateway,
        _ => StatusCodes.Status503ServiceUnavailable,
    };

    /// <summary>The error document of a denial.</summary>
    public static byte[] Document(ErrorShape shape, Denial denial, int? status = null)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            var type = Type(shape, status ?? Status(denial.Kind));
            if (shape == ErrorShape.Anthropic)
            {
                writer.WriteString("type", "error");
            }

            writer.WriteStartObject("error");
            writer.WriteString("type", type);
            writer.WriteString("message", $"{denial.Code}: {denial.Reason}");
            if (shape == ErrorShape.OpenAI)
            {
                writer.WriteNull("param");
            }

            writer.WriteString("code", denial.Code);
            if (denial.DecisionId is { } decision)
            {
                writer.WriteString("decision_id", decision);
            }

            if (!denial.Policies.IsDefaultOrEmpty)
            {
                writer.WriteStartArray("policies");
                foreach (var policy in denial.Policies)
                {
                    writer.WriteStringValue(policy);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static string Type(ErrorShape shape, int status) => (shape, status) switch
    {
        (ErrorShape.Anthropic, 400) => "invalid_request_error",
        (ErrorShape.Anthropic, 413) => "request_too_large",
        (ErrorShape.Anthropic, 401) => "authentication_error",
        (_, 403) => "permission_error",
        (_, 404) => shape == ErrorShape.Anthropic ? "not_found_error" : "invalid_request_error",
        (_, 429) => shape == ErrorShape.Anthropic ? "rate_limit_error" : "rate_limit_exceeded",
        (ErrorShape.Anthropic, 503) => "overloaded_error",
        (ErrorShape.Anthropic, >= 500) => "api_error",
        (ErrorShape.OpenAI, >= 500) => "server_error",
        _ => "invalid_request_error",
    };
}
