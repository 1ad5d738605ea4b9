using AgentGate.Kernel.Decisions;
using AgentGate.Server.Gateway;

namespace AgentGate.Server.Hosting;

/// <summary>Denials of the control plane as RFC 9457 problem documents.</summary>
internal static class Problems
{
    public static Task WriteAsync(HttpContext context, Denial denial)
    {
        var status = ErrorShapes.Status(denial.Kind);
        context.Response.Headers[AnswerWriter.CodeHeader] = denial.Code;
        if (denial.Kind == DenialKind.Unauthenticated)
        {
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
        => denial.Policies.IsDefaultOrEmpty
            ? new() { ["code"] = denial.Code }
            : new() { ["code"] = denial.Code, ["policies"] = denial.Policies.ToArray() };
}
