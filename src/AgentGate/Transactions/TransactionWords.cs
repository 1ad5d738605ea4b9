namespace AgentGate.Transactions;

/// <summary>The words for states and endings, as they are stored, counted and shown.</summary>
internal static class TransactionWords
{
    public static string Of(TransactionState state) => state switch
    {
        TransactionState.Active => "active",
        TransactionState.RollingBack => "rolling-back",
        TransactionState.Joined => "joined",
        TransactionState.Committed => "committed",
        TransactionState.RolledBack => "rolled-back",
        _ => "not-undone",
    };

    public static string Of(StepState state) => state switch
    {
        StepState.Begun => "begun",
        StepState.Done => "done",
        StepState.Failed => "failed",
        StepState.Undoing => "undoing",
        StepState.Undone => "undone",
        _ => "not-undone",
    };

    public static string Of(StepEnding ending) => ending switch
    {
        StepEnding.Undone => "undone",
        StepEnding.Unneeded => "unneeded",
        StepEnding.NoCompensation => "no-compensation",
        StepEnding.NotRegistered => "not-registered",
        StepEnding.Denied => "denied",
        StepEnding.Failed => "failed",
        StepEnding.TimedOut => "timed-out",
        StepEnding.Unknown => "unknown",
        StepEnding.Interrupted => "interrupted",
        StepEnding.ContentLost => "content-lost",
        _ => "deferred",
    };

    public static TransactionState? ReadState(string? word) => Find(Enum.GetValues<TransactionState>(), Of, word);

    public static StepState? ReadStep(string? word) => Find(Enum.GetValues<StepState>(), Of, word);

    public static StepEnding? ReadEnding(string? word) => Find(Enum.GetValues<StepEnding>(), Of, word);

    private static T? Find<T>(T[] values, Func<T, string> wordOf, string? word)
        where T : struct
        => values.Where(value => wordOf(value) == word).Cast<T?>().FirstOrDefault();
}
