using AgentGate.Kernel.Certificates;

namespace AgentGate.Kernel.Tests.Certificates;

/// <summary>Short forms of what a verification found.</summary>
internal static class Reports
{
    public static StepOutcome Outcome(this VerificationReport report, string step) => report.Steps.Single(one => one.Name == step).Outcome;

    public static string Failed(this VerificationReport report)
        => string.Join(",", report.Steps.Where(static step => step.Outcome == StepOutcome.Failed).Select(static step => step.Name));

    public static string Skipped(this VerificationReport report)
        => string.Join(",", report.Steps.Where(static step => step.Outcome == StepOutcome.Skipped).Select(static step => step.Name));

    public static string Words(this VerificationReport report)
        => string.Join("\n", report.Steps.Select(static step => $"{step.Outcome} {step.Name}: {step.Explanation}"));
}
