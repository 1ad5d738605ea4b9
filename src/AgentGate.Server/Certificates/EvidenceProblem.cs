using AgentGate.Certificates;
using AgentGate.Diagnostics;

namespace AgentGate.Server.Certificates;

/// <summary>Evidence that is not what was stored: told to the caller as a problem with its code, and to the operator in the log.</summary>
internal static partial class EvidenceProblem
{
    /// <summary>Runs an endpoint; answers 500 with AG4042 where stored evidence was changed or moved.</summary>
    public static async ValueTask<object?> Filter(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (EvidenceException broken)
        {
            Log.Broken(context.HttpContext.RequestServices.GetRequiredService<ILogger<BundleBuilder>>(), broken);
            return TypedResults.Problem(
                statusCode: StatusCodes.Status500InternalServerError,
                title: "Evidence is not what was stored",
                detail: "The stored evidence of this decision was changed, moved, or encrypted under another master key. The server's log says more.",
                extensions: [new("code", Codes.EvidenceIntegrity)]);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4042, LogLevel.Critical, Codes.EvidenceIntegrity + ": stored evidence is not what was stored.")]
        public static partial void Broken(ILogger logger, Exception exception);
    }
}
