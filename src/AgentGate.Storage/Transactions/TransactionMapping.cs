using AgentGate.Transactions;

namespace AgentGate.Storage.Transactions;

/// <summary>Between rows and records.</summary>
internal static class TransactionMapping
{
    public static TransactionRow ToRow(this StoredTransaction transaction) => new()
    {
        Id = transaction.Id,
        Tenant = transaction.Tenant,
        RootId = transaction.RootId,
        ParentId = transaction.ParentId,
        Principal = transaction.Principal,
        Name = transaction.Name,
        State = TransactionWords.Of(transaction.State),
        BegunAt = transaction.BegunAt.ToUnixTimeMilliseconds(),
        EndedAt = transaction.EndedAt?.ToUnixTimeMilliseconds(),
    };

    public static StoredTransaction ToRecord(this TransactionRow row) => new()
    {
        Id = row.Id,
        Tenant = row.Tenant,
        RootId = row.RootId,
        ParentId = row.ParentId,
        Principal = row.Principal,
        Name = row.Name,
        State = TransactionWords.ReadState(row.State) ?? TransactionState.NotUndone,
        BegunAt = DateTimeOffset.FromUnixTimeMilliseconds(row.BegunAt),
        EndedAt = row.EndedAt is { } ended ? DateTimeOffset.FromUnixTimeMilliseconds(ended) : null,
    };

    public static TransactionStepRow ToRow(this StoredStep step) => new()
    {
        Id = step.CallId,
        Tenant = step.Tenant,
        TransactionId = step.TransactionId,
        RootId = step.RootId,
        Seq = step.Seq,
        Principal = step.Principal,
        Delegation = step.Delegation,
        Tool = step.Tool,
        Compensation = step.Compensation,
        State = TransactionWords.Of(step.State),
        Ending = step.Ending is { } ending ? TransactionWords.Of(ending) : null,
        Code = step.Code,
        CompensationCallId = step.CompensationCallId,
        Tries = step.Tries,
        BegunAt = step.BegunAt.ToUnixTimeMilliseconds(),
    };

    public static StoredStep ToRecord(this TransactionStepRow row, ReadOnlyMemory<byte>? input = null, ReadOnlyMemory<byte>? output = null) => new()
    {
        CallId = row.Id,
        Tenant = row.Tenant,
        TransactionId = row.TransactionId,
        RootId = row.RootId,
        Seq = row.Seq,
        Principal = row.Principal,
        Delegation = row.Delegation,
        Tool = row.Tool,
        Compensation = row.Compensation,
        State = TransactionWords.ReadStep(row.State) ?? StepState.NotUndone,
        Ending = TransactionWords.ReadEnding(row.Ending),
        Code = row.Code,
        CompensationCallId = row.CompensationCallId,
        Tries = (int)row.Tries,
        BegunAt = DateTimeOffset.FromUnixTimeMilliseconds(row.BegunAt),
        Input = input,
        Output = output,
    };
}
