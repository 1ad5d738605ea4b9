namespace AgentGate.Transactions;

/// <summary>What a rollback did about one step. Immutable.</summary>
/// <param name="CallId">The call of the step, as log and traces name it.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Compensation">The name of its compensation, if it has one.</param>
/// <param name="Ending">What was done.</param>
/// <param name="Reason">Why, in words without content.</param>
public sealed record StepReport(string CallId, string Tool, string? Compensation, StepEnding Ending, string Reason)
{
    /// <summary>The stable code where the gate or the transaction refused; <c>docs/diagnostics.md</c> explains each.</summary>
    public string? Code { get; init; }

    /// <summary>The call of the compensation, as log and traces name it; <see langword="null"/> where none was made.</summary>
    public string? CompensationCallId { get; init; }

    /// <summary>How often the compensation was tried.</summary>
    public int Tries { get; init; }

    /// <summary>What the compensation threw. Never stored: after a crash it is <see langword="null"/>.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Whether nothing of the step is left to undo.</summary>
    public bool IsUndone => Ending is StepEnding.Undone or StepEnding.Unneeded;
}
