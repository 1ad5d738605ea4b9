using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Traces;

/// <summary>How a call ended, in one word: the outcome of its effect, else <c>denied</c> or <c>held</c>.</summary>
internal static class TraceStatus
{
    public static IReadOnlyList<string> All { get; } =
        ["completed", "failed", "blocked", "cancelled", "unknown", "denied", "held"];

    public static string Of(CallTrace trace)
        => LogEntryWords.Of(trace.Outcome)
            ?? trace.Decision switch
            {
                DecisionKind.Deny => "denied",
                DecisionKind.Hold => "held",
                _ => "unknown",
            };
}
