using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Tools;

/// <summary>Does the tool call fit what was declared? A tool the request did not declare, or arguments that are not what the protocol says, are refused.</summary>
internal sealed class ToolGuard : IRequestGuard
{
    public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
    {
        Verdict verdict = context.Call.Context.Tool switch
        {
            { IsDeclared: false } => new Verdict.Deny(
                Codes.UndeclaredTool, "The request does not declare this tool; call one of the declared tools.", DenialKind.Forbidden),
            { ArgumentsAreValid: false } => new Verdict.Deny(
                Codes.ToolArgumentsInvalid, "The arguments are not valid JSON (each member once, UTF-8); send them again.", DenialKind.Invalid),
            _ => Verdict.Allowed,
        };
        return ValueTask.FromResult(verdict);
    }
}
