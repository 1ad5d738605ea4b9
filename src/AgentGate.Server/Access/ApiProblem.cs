namespace AgentGate.Server.Access;

/// <summary>Refusals of the API's endpoints as RFC 9457 problem documents: a code, what is wrong, and the field where one is.</summary>
internal static class ApiProblem
{
    private const string CodeHeader = "x-agentgate-code";

    /// <summary>A refusal.</summary>
    /// <param name="status">The status.</param>
    /// <param name="code">The code.</param>
    /// <param name="detail">What is wrong and what to do. Never repeats what was sent.</param>
    /// <param name="field">The member of the body or the parameter that is wrong.</param>
    public static IResult Of(int status, string code, string detail, string? field = null) => new Refusal(status, code, detail, field);

    private sealed class Refusal(int status, string code, string detail, string? field) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers[CodeHeader] = code;
            var extensions = new Dictionary<string, object?> { ["code"] = code };
            if (field is not null)
            {
                extensions["field"] = field;
            }

            return TypedResults.Problem(detail, statusCode: status, title: code, type: "urn:agentgate:" + code, extensions: extensions).ExecuteAsync(httpContext);
        }
    }
}
