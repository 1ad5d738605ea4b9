using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Approvals;

/// <summary>Where people decide. Of two who decide at a time, in whatever processes, each act counts once. Thread-safe. Throws when the store fails.</summary>
internal sealed class ApprovalDesk(IApprovalStore store, ApprovalRecords records, ApprovalSignals signals, ApprovalMetrics metrics, IIdSource ids, TimeProvider time)
{
    private static Denial NotFound { get; } = new(Codes.ApprovalNotFound, "There is no such approval.", DenialKind.NotFound);

    /// <summary>One approval of a tenant, as it is now.</summary>
    public async Task<Approval?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
        => await store.FindAsync(tenant, id, cancellationToken) is { } approval ? await LapsedAsync(approval, cancellationToken) : null;

    /// <summary>Approvals of a tenant, newest first.</summary>
    public Task<ApprovalPage> ListAsync(string tenant, ApprovalQuery query, CancellationToken cancellationToken) => store.ListAsync(tenant, query, cancellationToken);

    /// <summary>A person decides.</summary>
    /// <param name="tenant">Whose approval.</param>
    /// <param name="id">The approval.</param>
    /// <param name="approver">The pseudonymous id of the person.</param>
    /// <param name="approves">Whether the person approves.</param>
    /// <param name="reason">What the person says about it.</param>
    /// <param name="cancellationToken">Cancelled when the person goes away; what was stored is put on record all the same.</param>
    /// <returns>The approval as it is then, or why the person's act does not count.</returns>
    public async Task<(Approval? Approval, Denial? Refused)> DecideAsync(
        string tenant, string id, string approver, bool approves, string? reason, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(approver);
        while (true)
        {
            if (await FindAsync(tenant, id, cancellationToken) is not { } approval)
            {
                return (null, NotFound);
            }

            var vote = new ApprovalVote(ids.NewId(), approver, approves, Milliseconds(time.GetUtcNow()), reason, IsRecorded: false);
            var (next, refused) = ApprovalTransitions.Vote(approval, vote);
            if (next is null)
            {
                return (null, refused);
            }

            // Stored first, so that of two acts one is made; on record next, before it counts for anything.
            if (await store.UpdateAsync(next, cancellationToken))
            {
                next = await records.RecordAsync(next with { Version = next.Version + 1 }, vote.EntryId, CancellationToken.None);
                if (next.Status != ApprovalStatus.Pending)
                {
                    metrics.Ended(next);
                }

                return (next, null);
            }
        }
    }

    /// <summary>The approval, lapsed where its time is over.</summary>
    public async Task<Approval> LapsedAsync(Approval approval, CancellationToken cancellationToken)
    {
        while (ApprovalTransitions.Lapse(approval, Milliseconds(time.GetUtcNow()), ids.NewId()) is { } lapsed)
        {
            if (await store.UpdateAsync(lapsed, cancellationToken))
            {
                lapsed = await records.RecordAsync(lapsed with { Version = lapsed.Version + 1 }, lapsed.Lapse!.EntryId, CancellationToken.None);
                signals.Tell(lapsed.Tenant, lapsed.Id);
                metrics.Ended(lapsed);
                return lapsed;
            }

            approval = await store.FindAsync(approval.Tenant, approval.Id, cancellationToken) ?? lapsed;
        }

        return approval;
    }

    private static DateTimeOffset Milliseconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
