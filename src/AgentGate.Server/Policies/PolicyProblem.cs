using System.Text.Json;
using AgentGate.Client;
using AgentGate.Diagnostics;
using AgentGate.Policies.Import;
using AgentGate.Policies.Versions;
using AgentGate.Client.Policies;
using AgentGate.Server.Gateway;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentGate.Server.Policies;

/// <summary>A request about policies that is refused while it is read. Becomes a problem document (RFC 9457).</summary>
internal sealed class PolicyProblem(string code, int status, string detail, string? field = null) : Exception(detail)
{
    /// <summary>Runs an endpoint and turns a refusal into its document.</summary>
    public static async ValueTask<object?> Filter(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (PolicyProblem problem)
        {
            return problem.ToResult();
        }
    }

    public static PolicyProblem Invalid(string field, string detail)
        => new(Codes.PolicyRequestInvalid, StatusCodes.Status400BadRequest, detail, field);

    /// <summary>A refusal of the service, with what is wrong with the text and which policies decided.</summary>
    public static ProblemHttpResult Of(PolicyRefusal refusal)
    {
        var (status, title) = refusal.Kind switch
        {
            PolicyRefusalKind.NotFound => (StatusCodes.Status404NotFound, "No such version"),
            PolicyRefusalKind.Conflict => (StatusCodes.Status409Conflict, "Not as things are"),
            PolicyRefusalKind.Denied => (refusal.Denial is { } denial ? ErrorShapes.Status(denial.Kind) : StatusCodes.Status403Forbidden, "Denied"),
            _ => (StatusCodes.Status400BadRequest, "Not valid"),
        };
        var extensions = new Dictionary<string, object?> { ["code"] = refusal.Code };
        if (!refusal.Findings.IsEmpty)
        {
            extensions["findings"] = Element(PolicyView.Findings(refusal.Findings));
        }

        if (refusal.Denial is { Policies.IsDefaultOrEmpty: false } by)
        {
            extensions["policies"] = by.Policies.ToArray();
        }

        if (refusal.Denial?.DecisionId is { } decision)
        {
            extensions["decision_id"] = decision;
        }

        return TypedResults.Problem(refusal.Reason, statusCode: status, title: title, extensions: extensions);
    }

    /// <summary>A file that cannot be translated, with every rule concerned.</summary>
    public static ProblemHttpResult Of(PolicyImportException refused) => TypedResults.Problem(
        "The file cannot be translated without changing what it means; each finding names a rule and what to do.",
        statusCode: StatusCodes.Status400BadRequest,
        title: "Not translated",
        extensions: new Dictionary<string, object?>
        {
            ["code"] = Codes.PolicyImportRefused,
            ["findings"] = Element([.. refused.Problems.Take(200).Select(PolicyView.Problem)]),
        });

    private ProblemHttpResult ToResult() => TypedResults.Problem(
        Message,
        statusCode: status,
        title: "Not understood",
        extensions: field is null
            ? new Dictionary<string, object?> { ["code"] = code }
            : new Dictionary<string, object?> { ["code"] = code, ["field"] = field });

    // Written by the API's own format: the extensions of a problem would otherwise follow the framework's.
    private static JsonElement Element(PolicyFindingEntry[] findings)
        => JsonSerializer.SerializeToElement(findings, AgentGateJson.Readable.PolicyFindingEntryArray);
}
