using System.Collections.Concurrent;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Audit;

/// <summary>
/// Signs the logs' checkpoints. In this order: the entries are on the disk; the checkpoint is signed and on the disk; the witnesses
/// cosigned it, where a policy asks for them; it is published. What was published can therefore be kept. Thread-safe.
/// </summary>
internal sealed partial class CheckpointPublisher(
    LogTrees trees,
    IAuditLog log,
    ISigningKeys keys,
    AuditMetrics metrics,
    ILogger<CheckpointPublisher> logger,
    CheckpointFiles? files = null,
    ICheckpointWitnesses? witnesses = null) : IHealthRemark
{
    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);

    /// <summary>What keeps checkpoints from being published, if anything does.</summary>
    public string? Remark
        => _slots.Values.Select(slot => slot.Trouble).FirstOrDefault(trouble => trouble is not null) is { } code
            ? $"{code}: a checkpoint of a log is not published."
            : null;

    /// <summary>The newest published checkpoint of a tenant's log.</summary>
    public LogCheckpoint? PublishedOf(string tenant) => _slots.GetValueOrDefault(tenant)?.Published;

    /// <summary>Compares every checkpoint that was signed with what is stored. Once, after the trees were restored.</summary>
    /// <exception cref="InvalidOperationException">A log is shorter than a checkpoint of it, or another; the message says what to do.</exception>
    public async ValueTask InitializeAsync(CancellationToken cancellationToken)
    {
        var lengths = (await log.ReadLogsAsync(cancellationToken)).ToDictionary(l => l.Tenant, l => l.LastSeq, StringComparer.Ordinal);
        foreach (var (path, note, checkpoint) in files?.ReadAll() ?? [])
        {
            var tenant = LogOrigin.TenantOf(keys.Name, checkpoint.Origin);
            if (tenant is null || !note.Verify([.. keys.All.Select(key => NoteKey.ForLog(checkpoint.Origin, key))], out _))
            {
                throw new InvalidOperationException(
                    $"{Codes.CheckpointFileUnusable}: {path} is not signed by a key of this server ({keys.Name}). "
                    + "Restore signing.keys, the checkpoints and the database from the same backup.");
            }

            var size = lengths.GetValueOrDefault(tenant);
            if (size < checkpoint.Size)
            {
                throw new InvalidOperationException(
                    $"{Codes.LogShorterThanItsCheckpoint}: the log of tenant {tenant} has {size} entries, but this server signed a checkpoint of {checkpoint.Size} ({path}). "
                    + "Entries it vouched for are gone. Restore a database that has them; docs/log.md says what to do where there is none.");
            }

            if (!await IsRootAsync(tenant, checkpoint, cancellationToken))
            {
                throw new InvalidOperationException(
                    $"{Codes.LogDiffersFromItsCheckpoint}: the first {checkpoint.Size} of the {size} entries of the log of tenant {tenant} are not those this server signed a checkpoint of ({path}). "
                    + "Somebody changed the database. Run agentgate log fsck on it, and restore one that agrees; docs/log.md says how to go on.");
            }

            var signed = new LogCheckpoint(checkpoint, note.ToBytes());
            _slots[tenant] = new Slot { Signed = signed, Published = witnesses is null or { Quorum: 0 } ? signed : null };
        }
    }

    /// <summary>Signs and publishes what grew since the last time.</summary>
    public async Task PublishAllAsync(CancellationToken cancellationToken)
    {
        foreach (var (tenant, head) in trees.Heads)
        {
            if (PublishedOf(tenant)?.Checkpoint.Size != head.Size)
            {
                await PublishAsync(tenant, cancellationToken);
            }
        }
    }

    /// <summary>A published checkpoint that covers an entry, made now where there is none yet.</summary>
    /// <param name="tenant">Whose log.</param>
    /// <param name="index">The leaf, from 0.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><see langword="null"/> where the entry is not stored, or no checkpoint of it may be published.</returns>
    public async ValueTask<LogCheckpoint?> CoveringAsync(string tenant, long index, CancellationToken cancellationToken)
    {
        var published = PublishedOf(tenant);
        if ((published is null || published.Checkpoint.Size <= index) && trees.HeadOf(tenant)?.Size > index)
        {
            published = await PublishAsync(tenant, cancellationToken);
        }

        return published?.Checkpoint.Size > index ? published : null;
    }

    /// <summary>Signs and publishes the checkpoint of a tenant's log as it is stored now.</summary>
    /// <returns>The newest published checkpoint: the former one where this one may not be published.</returns>
    public async Task<LogCheckpoint?> PublishAsync(string tenant, CancellationToken cancellationToken)
    {
        var slot = _slots.GetOrAdd(tenant, _ => new Slot());
        await slot.Gate.WaitAsync(cancellationToken);
        try
        {
            if (trees.HeadOf(tenant) is { } head && slot.Published?.Checkpoint.Size != head.Size)
            {
                if (slot.Signed is null || slot.Signed.Checkpoint.Size < head.Size)
                {
                    slot.Signed = await SignAsync(tenant, head, cancellationToken);
                }

                await CosignAsync(tenant, slot, slot.Signed, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            slot.Trouble = Codes.CheckpointFailed;
            metrics.CheckpointRefused(Codes.CheckpointFailed);
            Log.Failed(logger, exception);
        }
        finally
        {
            slot.Gate.Release();
        }

        return slot.Published;
    }

    private async ValueTask<LogCheckpoint> SignAsync(string tenant, TreeHead head, CancellationToken cancellationToken)
    {
        // Under durability `write` the newest entries may be in the operating system only: nobody may be told of those.
        await log.FlushAsync(cancellationToken);
        var checkpoint = new Checkpoint(LogOrigin.Of(keys.Name, tenant), head.Size, head.Root());
        var key = keys.Current;
        var note = checkpoint.Sign(new NoteSigner(key, NoteKey.ForLog(checkpoint.Origin, key.PublicKey))).ToBytes();
        files?.Write(checkpoint.Origin, note);
        return new LogCheckpoint(checkpoint, note);
    }

    private async ValueTask CosignAsync(string tenant, Slot slot, LogCheckpoint signed, CancellationToken cancellationToken)
    {
        if (witnesses is null or { Quorum: 0 })
        {
            (slot.Published, slot.Trouble) = (signed, null);
            return;
        }

        var prover = trees.ServingProverOf(tenant);
        var result = await witnesses.CosignAsync(signed.Checkpoint.Origin, signed.Note, prover.ConsistencyAsync, cancellationToken);
        if (result is CosignResult.Cosigned cosigned)
        {
            (slot.Published, slot.Trouble) = (new LogCheckpoint(signed.Checkpoint, cosigned.Note), null);
            return;
        }

        // The quorum itself logs who did not answer what.
        slot.Trouble = Codes.WitnessQuorumMissing;
        metrics.CheckpointRefused(Codes.WitnessQuorumMissing);
    }

    private async ValueTask<bool> IsRootAsync(string tenant, Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        try
        {
            var root = await trees.ProverOf(tenant).RootAsync(checkpoint.Size, cancellationToken);
            return root.AsSpan().SequenceEqual(checkpoint.Root.Span);
        }
        catch (TileUnavailableException)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4028, LogLevel.Error, "AG4028: a checkpoint could not be signed or written; the former one stays.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }

    private sealed class Slot
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public LogCheckpoint? Signed { get; set; }

        public LogCheckpoint? Published { get; set; }

        public string? Trouble { get; set; }
    }
}
