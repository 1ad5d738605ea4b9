namespace AgentGate.Transactions;

/// <summary>What follows from a stored step alone. Pure.</summary>
internal static class StepRules
{
    /// <summary>What compensations recognise a step by, over all tries and restarts.</summary>
    public static string KeyOf(StoredStep step) => "agentgate-undo-" + step.CallId;

    /// <summary>Whether a rollback has nothing more to do about it.</summary>
    public static bool IsSettled(this StoredStep step) => step.State is StepState.Undone or StepState.NotUndone;

    /// <summary>What a rollback says of a step without running anything, or <see langword="null"/> where its compensation runs.</summary>
    /// <param name="step">The step.</param>
    /// <param name="compensation">Its compensation, where this process has it.</param>
    /// <param name="stillRuns">Whether the step itself still runs, so that nothing can be said of it.</param>
    public static StepEnding? EndingWithoutRun(StoredStep step, Compensation? compensation, bool stillRuns)
        => step switch
        {
            { Ending: { } ending } when step.IsSettled() => ending,
            { Compensation: Compensation.NothingName } => StepEnding.Unneeded,
            _ when ReferenceEquals(compensation, Compensation.Nothing) => StepEnding.Unneeded,
            { State: StepState.Failed } when compensation is not { IsIdempotent: true } => StepEnding.Unneeded,
            _ when stillRuns => StepEnding.Unknown,
            { Compensation: null } when compensation is null => StepEnding.NoCompensation,
            _ when compensation is null => StepEnding.NotRegistered,
            { State: StepState.Begun } when !compensation.IsIdempotent => StepEnding.Unknown,
            { State: StepState.Undoing } when !compensation.IsIdempotent => StepEnding.Interrupted,
            { Input: null } => StepEnding.ContentLost,
            _ => null,
        };

    /// <summary>The words for an ending.</summary>
    public static string ReasonOf(StoredStep step, StepEnding ending) => ending switch
    {
        StepEnding.Undone => "undone.",
        StepEnding.Unneeded => step.State == StepState.Failed ? "the tool failed, so there is nothing to undo." : "there is nothing to undo.",
        StepEnding.NoCompensation => "no compensation is declared for this tool.",
        StepEnding.NotRegistered => $"no process registered its compensation \"{step.Compensation}\".",
        StepEnding.Denied => "the gate did not permit its compensation.",
        StepEnding.Failed => "its compensation failed at the last of its tries.",
        StepEnding.TimedOut => "its compensation ran past its timeout and may have done its work.",
        StepEnding.Unknown => "nobody knows whether the step happened, and its compensation is not declared as idempotent.",
        StepEnding.Interrupted => "its compensation was cut off and may have done its work; it is not declared as idempotent.",
        StepEnding.ContentLost => "what it got and gave cannot be read any more.",
        _ => "the store of transactions could not be written; whoever takes the transaction over undoes it.",
    };

    /// <summary>The line of the report about a settled step.</summary>
    public static StepReport Report(StoredStep step, StepEnding ending, Exception? failure = null)
        => new(step.CallId, step.Tool, step.Compensation, ending, ReasonOf(step, ending))
        {
            Code = step.Code,
            CompensationCallId = step.CompensationCallId,
            Tries = step.Tries,
            Failure = failure,
        };
}
