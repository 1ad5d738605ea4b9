namespace AgentGate.Kernel.Certificates;

/// <summary>What one step gave, before it has its name.</summary>
internal readonly record struct StepResult(StepOutcome Outcome, string Explanation)
{
    public static StepResult Ok(string explanation) => new(StepOutcome.Ok, explanation);

    public static StepResult Failed(string explanation) => new(StepOutcome.Failed, explanation);

    public static StepResult Skipped(string explanation) => new(StepOutcome.Skipped, explanation);
}
