using AgentGate.Diagnostics;
using AgentGate.Kernel.Plans;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentGate.Server.Plans;

/// <summary>A question or plan that is refused before it is evaluated. Becomes a problem document (RFC 9457).</summary>
internal sealed class PlanProblem(string code, int status, string detail, string? field) : Exception(detail)
{
    /// <summary>Runs an endpoint and turns a refusal into its document.</summary>
    public static async ValueTask<object?> Filter(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (PlanProblem problem)
        {
            return problem.ToResult();
        }
        catch (PlanRefusedException refused)
        {
            return new PlanProblem(Codes.PlanRefused, StatusCodes.Status400BadRequest, refused.Message, refused.Field).ToResult();
        }
    }

    public static PlanProblem Invalid(string field, string detail) => new(Codes.EvaluationInvalid, StatusCodes.Status400BadRequest, detail, field);

    /// <summary>Something only the server's own records can say.</summary>
    public static PlanProblem Claim(string field, string detail) => new(Codes.ClaimRefused, StatusCodes.Status400BadRequest, detail, field);

    private ProblemHttpResult ToResult() => TypedResults.Problem(
        Message,
        statusCode: status,
        title: "Not evaluated",
        extensions: field is null
            ? new Dictionary<string, object?> { ["code"] = code }
            : new Dictionary<string, object?> { ["code"] = code, ["field"] = field });
}
