using AgentGate.Kernel.Decisions;
using AgentGate.Server.Gateway;

namespace AgentGate.Server.Hosting;

/// <summary>Denials of the control plane as RFC 9457 problem documents.</summary>
internal static class Problems
{
    public static Task WriteAsync(HttpContext context, Denial denial) => WriteAsync(context, denial, status: null);

    /// <summary>Writes a denial under a status that its kind does not say.</summary>
    public static Task WriteAsync(HttpContext context, Denial denial, int? status)
    {
        status ??= ErrorShapes.Status(denial.Kind);
        context.Response.Headers[AnswerWriter.CodeHeader] = denial.Code;
        if (denial.Kind == DenialKind.Unauthenticated && context.Response.Headers.WWWAuthenticate.Count == 0)
        {
            // Who wants more than any credential has said so already (RFC 9470).
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"agentgate\"";
        }

        return TypedResults.Problem(
            detail: denial.Reason,
            statusCode: status,
            title: denial.Code,
            type: "urn:agentgate:" + denial.Code,
            extensions: Extensions(denial)).ExecuteAsync(context);
    }

    private static Dictionary<string, object?> Extensions(Denial denial)
    {
        var extensions = new Dictionary<string, object?> { ["code"] = denial.Code };
        if (!denial.Policies.IsDefaultOrEmpty)
        {
            extensions["policies"] = denial.Policies.ToArray();
        }

        if (denial.DecisionId is { } decision)
        {
            extensions["decision_id"] = decision;
        }

        return extensions;
    }
}
