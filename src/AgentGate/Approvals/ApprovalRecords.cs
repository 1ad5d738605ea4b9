using System.Text;
using System.Text.Json;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Approvals;

/// <summary>
/// Puts the acts of an approval on record, each as an entry of kind <c>approval</c> whose id was chosen with the act. An act counts for
/// nothing until that is done; what fails is tried again by <see cref="ApprovalUpkeep"/>.
/// </summary>
internal sealed partial class ApprovalRecords(IApprovalStore store, IDecisionRecorder recorder, ApprovalSignals signals, ApprovalMetrics metrics, ILogger<ApprovalRecords> logger)
{
    /// <summary>Records one act, or all that are not yet known to be on record.</summary>
    /// <param name="approval">The approval as it is stored.</param>
    /// <param name="entryId">The act's entry, or <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>The approval as it is then.</returns>
    public async Task<Approval> RecordAsync(Approval approval, string? entryId, CancellationToken cancellationToken)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            foreach (var act in approval.Votes.Append(approval.Lapse).OfType<ApprovalVote>().Where(act => !act.IsRecorded && (entryId ?? act.EntryId) == act.EntryId))
            {
                await AppendAsync(approval, act, cancellationToken);
                done.Add(act.EntryId);
            }

            return await MarkAsync(approval, done, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            metrics.NotRecorded();
            Log.NotRecorded(logger, Codes.ApprovalNotRecorded, approval.Id, failure.GetType().FullName, failure.StackTrace);
            return approval;
        }
    }

    /// <summary>Marks acts as recorded, whatever others did to the approval meanwhile.</summary>
    private async Task<Approval> MarkAsync(Approval approval, HashSet<string> recorded, CancellationToken cancellationToken)
    {
        while (true)
        {
            var marked = approval with
            {
                Votes = [.. approval.Votes.Select(Mark)],
                Lapse = approval.Lapse is { } lapse ? Mark(lapse) : null,
            };
            if (await store.UpdateAsync(marked, cancellationToken))
            {
                signals.Tell(approval.Tenant, approval.Id);
                return marked with { Version = marked.Version + 1 };
            }

            if (await store.FindAsync(approval.Tenant, approval.Id, cancellationToken) is not { } there)
            {
                return marked;
            }

            approval = there;
        }

        ApprovalVote Mark(ApprovalVote act) => recorded.Contains(act.EntryId) ? act with { IsRecorded = true } : act;
    }

    private async Task AppendAsync(Approval approval, ApprovalVote act, CancellationToken cancellationToken)
    {
        var isLapse = act.EntryId == approval.Lapse?.EntryId;
        var detail = isLapse ? "expired" : act.IsApproval ? "approved" : "denied";
        await recorder.AppendAsync(
            new DecisionRecord(new LogEntryBody
            {
                Id = act.EntryId,
                Kind = EntryKind.Approval,
                At = act.At,
                Tenant = approval.Tenant,
                CallId = approval.CallId,
                Principal = act.Approver.Length > 0 ? act.Approver : null,
                Action = isLapse ? "approval.lapse" : "approval.decide",
                Resource = approval.Resource,
                Detail = detail,
                DecisionId = approval.DecisionId,
                CertificateHash = approval.CertificateHash,
                Statement = Statement(approval, act, detail),
            }),
            cancellationToken);
    }

    /// <summary>What the entry says beside that: which approval, of how many people, and the digest of the exact call. Canonical JSON.</summary>
    private static string Statement(Approval approval, ApprovalVote act, string detail)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("approval_id", approval.Id);
            json.WriteString("call_digest", approval.CallDigest);
            json.WriteNumber("count", approval.Votes.TakeWhile(vote => vote.EntryId != act.EntryId).Count(static vote => vote.IsApproval) + (act.IsApproval ? 1 : 0));
            json.WriteString("decision", detail);
            json.WriteNumber("needed", approval.Needed);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2511, Level = LogLevel.Error, Message = "{Code}: an act on approval {ApprovalId} could not be put on record ({Failure}); it counts for nothing until it is. {Stack}")]
        public static partial void NotRecorded(ILogger logger, string code, string approvalId, string? failure, string? stack);
    }
}
