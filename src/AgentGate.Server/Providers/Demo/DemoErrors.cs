using System.Text.Json.Nodes;

namespace AgentGate.Server.Providers.Demo;

/// <summary>Errors in each provider's own shape.</summary>
internal static class DemoErrors
{
    public static DemoReply OpenAI(int status, string message, string? code = null, string? param = null) => new()
    {
        Status = status,
        Body = DemoText.Utf8(new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["message"] = message,
                ["type"] = status switch
                {
                    401 => "authentication_error",
                    429 => "rate_limit_error",
                    >= 500 => "server_error",
                    _ => "invalid_request_error",
                },
                ["param"] = param,
                ["code"] = code,
            },
        }),
    };

    public static DemoReply Anthropic(int status, string message, string requestId) => new()
    {
        Status = status,
        Body = DemoText.Utf8(new JsonObject
        {
            ["type"] = "error",
            ["error"] = new JsonObject
            {
                ["type"] = status switch
                {
                    401 => "authentication_error",
                    403 => "permission_error",
                    404 => "not_found_error",
                    413 => "request_too_large",
                    429 => "rate_limit_error",
                    529 => "overloaded_error",
                    >= 500 => "api_error",
                    _ => "invalid_request_error",
                },
                ["message"] = message,
            },
            ["request_id"] = requestId,
        }),
    };
}
