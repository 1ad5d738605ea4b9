using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>A guard's answer as the gate acts on it, beside what the decision keeps of it.</summary>
/// <param name="Verdict">What to enforce: an allow for a shadowed or failed-open guard.</param>
/// <param name="Record">What to keep.</param>
internal readonly record struct GuardAnswer(Verdict Verdict, VerdictRecord Record);
