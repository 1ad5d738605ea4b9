using System.Text;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>Proves entries under the newest published checkpoint that covers them. Thread-safe.</summary>
internal sealed class LogProofs(IAuditLog log, LogTrees trees, CheckpointPublisher checkpoints) : ILogProofs
{
    public async ValueTask<LogProof?> ProveAsync(string tenant, long seq, CancellationToken cancellationToken)
    {
        var index = seq - 1;
        if (await checkpoints.CoveringAsync(tenant, index, cancellationToken) is not { } covering)
        {
            return null;
        }

        await foreach (var entry in log.ReadChainAsync(tenant, seq, null, cancellationToken))
        {
            if (entry.Seq != seq)
            {
                break;
            }

            var path = await trees.ServingProverOf(tenant).InclusionAsync(index, covering.Checkpoint.Size, cancellationToken);
            return new LogProof(
                entry.Canonical, index, [.. path.Select(static hash => new ReadOnlyMemory<byte>(hash))], Encoding.UTF8.GetString(covering.Note.Span));
        }

        return null;
    }
}
