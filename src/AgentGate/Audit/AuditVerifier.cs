using AgentGate.Kernel.Transparency;

namespace AgentGate.Audit;

/// <summary>Verifies a tenant's stored log against its chain and against the head this process knows. Thread-safe.</summary>
internal sealed class AuditVerifier(IAuditLog log, ILogKeySource keys, DecisionRecorder recorder)
{
    /// <summary>Reads the whole log and checks every entry.</summary>
    public async Task<ChainVerification> VerifyAsync(string tenant, CancellationToken cancellationToken)
    {
        // The head first: entries appended while reading only make the log longer than the head that is asked for.
        var stored = (await log.ReadLogsAsync(cancellationToken)).FirstOrDefault(l => l.Tenant == tenant);
        var head = recorder.HeadOf(tenant);
        if (stored is not null && stored.Head.Seq > (head?.Seq ?? 0))
        {
            head = stored.Head;
        }

        var start = stored?.Start ?? ChainHead.Genesis;
        var verifier = new ChainVerifier(tenant, keys.Find, start, head);
        await foreach (var entry in log.ReadChainAsync(tenant, start.Seq == 0 ? long.MinValue : start.Seq + 1, null, cancellationToken))
        {
            if (!verifier.Add(entry.Seq, entry.Canonical.Span, entry.Hash.Span))
            {
                break;
            }
        }

        return verifier.Complete();
    }
}
