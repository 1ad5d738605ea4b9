using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Transactions;

/// <summary>Puts on record that a transaction began, is committed, or was rolled back. Its steps and compensations are calls and on record as such. Thread-safe.</summary>
internal sealed partial class TransactionActs(IDecisionRecorder recorder, IIdSource ids, TimeProvider time, ILogger<TransactionActs> logger)
{
    public const string Begun = "transaction.begin";
    public const string Committed = "transaction.commit";
    public const string RolledBack = "transaction.rollback";

    /// <summary>The word beside a transaction that is committed into the one around it.</summary>
    public const string IntoOuter = "into-outer";

    /// <summary>Appends an act, before it is done.</summary>
    /// <returns>Whether it is on record.</returns>
    public async Task<bool> AppendAsync(StoredTransaction transaction, string act, string? detail = null, string? code = null)
    {
        try
        {
            await recorder.AppendAsync(
                new DecisionRecord(new LogEntryBody
                {
                    Id = ids.NewId(),
                    Kind = EntryKind.Admin,
                    At = time.GetUtcNow(),
                    Tenant = transaction.Tenant,
                    Principal = transaction.Principal,
                    Action = act,
                    Resource = new EntityRef("AgentGate::Transaction", transaction.Id),
                    Code = code,
                    Detail = detail,
                }),
                CancellationToken.None);
            return true;
        }
        catch (Exception failure)
        {
            Log.NotRecorded(logger, Codes.TransactionActNotRecorded, act, transaction.Id, failure);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2411, Level = LogLevel.Critical, Message = "{Code}: the act {Act} of transaction {TransactionId} could not be put on record.")]
        public static partial void NotRecorded(ILogger logger, string code, string act, string transactionId, Exception failure);
    }
}
