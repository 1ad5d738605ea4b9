using AgentGate.Transactions;

namespace AgentGate.Server.Transactions;

/// <summary>A page of transactions, the newest first.</summary>
internal sealed record TransactionPage(IReadOnlyList<TransactionEntry> Transactions, int Limit, int Offset);

/// <summary>A transaction as lists show it.</summary>
internal sealed record TransactionEntry(
    string Id, string? Name, string State, string PrincipalId, string? ParentId, string RootId, DateTimeOffset BegunAt, DateTimeOffset? EndedAt)
{
    public static TransactionEntry Of(StoredTransaction transaction) => new(
        transaction.Id, transaction.Name, TransactionWords.Of(transaction.State), transaction.Principal, transaction.ParentId, transaction.RootId, transaction.BegunAt, transaction.EndedAt);
}

/// <summary>A transaction with its steps, the first one first.</summary>
internal sealed record TransactionDetail(TransactionEntry Transaction, IReadOnlyList<TransactionStepEntry> Steps);

/// <summary>A step. What it got and gave is not shown: its trace shows what the gate let pass.</summary>
internal sealed record TransactionStepEntry(
    string CallId, string Tool, string State, string? Compensation, string? Ending, string? Reason, string? Code, string? CompensationCallId, int Tries, DateTimeOffset BegunAt)
{
    public static TransactionStepEntry Of(StoredStep step) => new(
        step.CallId,
        step.Tool,
        TransactionWords.Of(step.State),
        step.Compensation,
        step.Ending is { } ending ? TransactionWords.Of(ending) : null,
        step.Ending is { } why ? StepRules.ReasonOf(step, why) : null,
        step.Code,
        step.CompensationCallId,
        step.Tries,
        step.BegunAt);
}
