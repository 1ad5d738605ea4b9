using System.Globalization;

namespace AgentGate.Server.Access;

/// <summary>Refusals of the API's endpoints as RFC 9457 problem documents: a code, what is wrong, and the field where one is.</summary>
internal sealed class ApiProblem : IResult, IStatusCodeHttpResult
{
    private const string CodeHeader = "x-agentgate-code";

    private readonly int _status;
    private readonly string? _field;
    private readonly TimeSpan? _retryAfter;
    private readonly (string Name, string Value)[] _members;

    private ApiProblem(int status, string code, string detail, string? field, TimeSpan? retryAfter, (string Name, string Value)[] members)
        => (_status, Code, Detail, _field, _retryAfter, _members) = (status, code, detail, field, retryAfter, members);

    /// <summary>Why.</summary>
    public string Code { get; }

    /// <summary>What is wrong and what to do.</summary>
    public string Detail { get; }

    public int? StatusCode => _status;

    /// <summary>A refusal.</summary>
    /// <param name="status">The status.</param>
    /// <param name="code">The code.</param>
    /// <param name="detail">What is wrong and what to do. Never repeats what was sent.</param>
    /// <param name="field">The member of the body or the parameter that is wrong.</param>
    /// <param name="retryAfter">When trying again makes sense.</param>
    /// <param name="members">What else the document says.</param>
    public static IResult Of(int status, string code, string detail, string? field = null, TimeSpan? retryAfter = null, params (string Name, string Value)[] members)
        => new ApiProblem(status, code, detail, field, retryAfter, members);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        headers[CodeHeader] = Code;
        if (_retryAfter is { } after)
        {
            headers.RetryAfter = Math.Max(1, Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (_status == StatusCodes.Status401Unauthorized && headers.WWWAuthenticate.Count == 0)
        {
            headers.WWWAuthenticate = "Bearer realm=\"agentgate\"";
        }

        var extensions = new Dictionary<string, object?> { ["code"] = Code };
        if (_field is not null)
        {
            extensions["field"] = _field;
        }

        foreach (var (name, value) in _members)
        {
            extensions[name] = value;
        }

        return TypedResults.Problem(Detail, statusCode: _status, title: Code, type: "urn:agentgate:" + Code, extensions: extensions).ExecuteAsync(httpContext);
    }
}
