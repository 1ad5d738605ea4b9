using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Approvals;

/// <summary>Where calls wait for people, on the gate's side. Thread-safe.</summary>
internal sealed class HeldCalls(
    IApprovalStore store,
    ApprovalDesk desk,
    ApprovalSignals signals,
    CallDigests digests,
    ApprovalMetrics metrics,
    IIdSource ids,
    TimeProvider time,
    IOptions<ApprovalOptions> options) : IHeldCalls
{
    public TimeSpan Wait => options.Value.Wait;

    public async ValueTask<string> OpenAsync(HeldCall held, CancellationToken cancellationToken)
    {
        var (call, terms) = (held.Call, held.Scope.Find<ApprovalTerms>());
        if (terms is null || terms.CallId != call.Id)
        {
            throw new InvalidOperationException("A call was held by another guard than the one that asks people.");
        }

        var (digest, now) = (digests.Of(call, held.Raw), time.GetUtcNow());
        while (true)
        {
            // The same call waits once, however often it is sent.
            if (await store.FindLiveAsync(call.Principal.Tenant, digest, cancellationToken) is { } there
                && (await desk.LapsedAsync(there, cancellationToken)).IsLive)
            {
                return there.Id;
            }

            await CheckRoomAsync(call, cancellationToken);
            var approval = new Approval
            {
                Id = ids.NewId(),
                Tenant = call.Principal.Tenant,
                CallId = call.Id,
                DecisionId = held.Certificate?.DecisionId,
                CertificateHash = held.Certificate?.Draft.Hash,
                Door = call.Door,
                Principal = call.Principal.Id,
                Action = call.Action,
                Resource = call.Resource,
                CallDigest = digest,
                Code = held.Denial.Code,
                Reason = held.Denial.Reason,
                Shown = held.Shown,
                IsCut = held.IsCut,
                Needed = terms.Needed,
                OwnerId = call.Principal.UserId ?? string.Empty,
                CreatedAt = now,
                ExpiresAt = now + terms.Timeout,
            };
            if (await store.AddAsync(approval, cancellationToken))
            {
                metrics.Opened(approval.Tenant);
                return approval.Id;
            }
        }
    }

    public async ValueTask<HeldCallEnd> WaitAsync(string tenant, string approvalId, TimeSpan wait, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + wait;
        while (true)
        {
            // Before the approval is read: what changes after that wakes.
            var changed = signals.Changed(tenant, approvalId);
            if (await desk.FindAsync(tenant, approvalId, cancellationToken) is not { } approval)
            {
                return new HeldCallEnd.Refused(NotFound);
            }

            var now = time.GetUtcNow();
            if (ApprovalTransitions.Refusal(approval, now) is { } refused)
            {
                return new HeldCallEnd.Refused(refused);
            }

            if (approval.CanBeTaken(now))
            {
                return new HeldCallEnd.Approved();
            }

            var end = until < approval.ExpiresAt ? until : approval.ExpiresAt;
            if (end <= now)
            {
                return new HeldCallEnd.Open();
            }

            try
            {
                await changed.WaitAsync(end - now, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Looked at once more; then it is open, or its time is over.
            }
        }
    }

    public async ValueTask<(Resumption? Resumption, Denial? Refused)> TakeAsync(GateCall call, string approvalId, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await desk.FindAsync(call.Principal.Tenant, approvalId, cancellationToken) is not { } approval)
            {
                return (null, NotFound);
            }

            if (approval.CallDigest != digests.Of(call, call.Content))
            {
                return (null, new Denial(
                    Codes.ApprovalDiffers, "The approval was given for another call: every change of who asks, what or with which arguments needs its own.", DenialKind.Forbidden));
            }

            var (next, refused) = ApprovalTransitions.Take(approval, call.Id, time.GetUtcNow());
            if (next is null)
            {
                return (null, refused);
            }

            if (await store.UpdateAsync(next, cancellationToken))
            {
                metrics.Ended(next);
                var last = next.Votes.Last(static vote => vote.IsApproval);
                return (new Resumption(call.Id, next.Id, next.DecisionId, last.At, last.Approver), null);
            }
        }
    }

    private static Denial NotFound { get; } = new(Codes.ApprovalNotFound, "There is no such approval.", DenialKind.NotFound);

    private async ValueTask CheckRoomAsync(GateCall call, CancellationToken cancellationToken)
    {
        var open = await store.ListAsync(call.Principal.Tenant, new ApprovalQuery(ApprovalStatus.Pending, Principal: call.Principal.Id, Limit: 1), cancellationToken);
        if (open.Total >= options.Value.OpenMax)
        {
            throw new TooManyHeldCallsException();
        }
    }
}
