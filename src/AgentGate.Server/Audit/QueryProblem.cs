using System.Globalization;
using AgentGate.Audit;
using AgentGate.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentGate.Server.Audit;

/// <summary>A query parameter that cannot be read. Becomes a 400 that names it.</summary>
internal sealed class QueryProblem(string field, string detail) : Exception(detail)
{
    public ProblemHttpResult ToResult() => TypedResults.Problem(
        statusCode: StatusCodes.Status400BadRequest,
        title: "Invalid query parameter",
        detail: Message,
        extensions: [new("code", Codes.AuditQueryInvalid), new("field", field)]);

    /// <summary>Runs an endpoint; answers 400 where a parameter cannot be read and 503 where the log cannot be written.</summary>
    public static async ValueTask<object?> Filter(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (QueryProblem problem)
        {
            return problem.ToResult();
        }
        catch (AuditUnavailableException refusal)
        {
            // An act that cannot be put on record does not happen.
            return TypedResults.Problem(
                statusCode: StatusCodes.Status503ServiceUnavailable,
                title: "The log cannot be written",
                detail: "The request was not carried out because it could not be put on record. Try again later.",
                extensions: [new("code", refusal.Code ?? Codes.LogWriteFailed)]);
        }
    }

    /// <summary>An integer within bounds.</summary>
    public static int Number(string field, string? text, int fallback, int min, int max)
        => text is null ? fallback
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
            : throw new QueryProblem(field, $"'{field}' must be an integer from {min} to {max}.");

    /// <summary>A time with its offset (RFC 3339).</summary>
    public static DateTimeOffset? Time(string field, string? text)
        => text is null ? null
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
            : throw new QueryProblem(field, $"'{field}' must be a time such as 2026-01-02T03:04:05Z.");

    /// <summary>One of a closed set of words.</summary>
    public static string? Word(string field, string? text, IReadOnlyCollection<string> words)
        => text is null || words.Contains(text) ? text : throw new QueryProblem(field, $"'{field}' must be one of {string.Join(", ", words)}.");

    /// <summary>A text that is neither empty nor longer than 256 characters.</summary>
    public static string? Text(string field, string? text)
        => text is null || text.Length is > 0 and <= 256 ? text : throw new QueryProblem(field, $"'{field}' must have 1 to 256 characters.");
}
