using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentGate.Delegation;
using AgentGate.Diagnostics;
using AgentGate.Server.Gateway;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentGate.Server.Delegation;

/// <summary>A refused request about grants, as a problem document (RFC 9457) with the field and the reason's word.</summary>
internal sealed class GrantProblem(GrantRefusal refusal, int status) : Exception(refusal.Detail)
{
    /// <summary>Runs an endpoint and turns a refusal into its document.</summary>
    public static async ValueTask<object?> Filter(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (GrantProblem problem)
        {
            return problem.ToResult();
        }
    }

    public static GrantProblem Invalid(string field, string detail)
        => new(new GrantRefusal(Codes.GrantInvalid, GrantRefusalKind.Invalid, detail) { Field = field }, StatusCodes.Status400BadRequest);

    /// <summary>A refusal of the service.</summary>
    public static ProblemHttpResult Of(GrantRefusal refusal) => new GrantProblem(refusal, refusal.Kind switch
    {
        GrantRefusalKind.NotFound => StatusCodes.Status404NotFound,
        GrantRefusalKind.Conflict => StatusCodes.Status409Conflict,
        GrantRefusalKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        GrantRefusalKind.Denied => refusal.Denial is { } denial ? ErrorShapes.Status(denial.Kind) : StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status400BadRequest,
    }).ToResult();

    /// <summary>The body as a record. Unknown members, members that stand there twice and other types are refused.</summary>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        try
        {
            ReadResult read;
            do
            {
                read = await context.Request.BodyReader.ReadAsync(cancellationToken);
                foreach (var piece in read.Buffer)
                {
                    buffer.Write(piece.Span);
                }

                context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            }
            while (!read.IsCompleted);

            using var document = JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            return document.Deserialize(type) ?? throw Invalid("body", "The body must be a JSON object.");
        }
        catch (BadHttpRequestException refused)
        {
            throw new GrantProblem(
                new GrantRefusal(Codes.TooLarge, GrantRefusalKind.Invalid, "The body is too large, or broke off.") { Field = "body" }, refused.StatusCode);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            var member = fault is JsonException { Path: { Length: > 2 } path } ? path[2..] : "body";
            throw Invalid(member, $"The body is not what this route takes, at \"{member}\": unknown members, members twice and other types are refused.");
        }
    }

    private ProblemHttpResult ToResult()
    {
        var extensions = new Dictionary<string, object?> { ["code"] = refusal.Code };
        if (refusal.Field is not null)
        {
            extensions["field"] = refusal.Field;
        }

        if (refusal.Reason is not null)
        {
            extensions["reason"] = refusal.Reason;
        }

        if (refusal.Denial is { Policies.IsDefaultOrEmpty: false } by)
        {
            extensions["policies"] = by.Policies.ToArray();
        }

        var title = status switch { 404 => "No such grant", 409 => "Not as things are", 403 => "Denied", _ => "Not granted" };
        return TypedResults.Problem(refusal.Detail, statusCode: status, title: title, extensions: extensions);
    }
}
