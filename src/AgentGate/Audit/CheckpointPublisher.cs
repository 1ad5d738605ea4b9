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
    ICheckpointWitnesses? witnesses = null,
    ISharedCheckpoints? shared = null) : IHealthRemark
{
    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);
    private volatile string? _followTrouble;

    /// <summary>What keeps checkpoints from being published, if anything does.</summary>
    public string? Remark
        => (_followTrouble ?? _slots.Values.Select(slot => slot.Trouble).FirstOrDefault(trouble => trouble is not null)) is { } code
            ? $"{code}: a checkpoint of a log is not published."
            : null;

    /// <summary>The newest published checkpoint of a tenant's log.</summary>
    public LogCheckpoint? PublishedOf(string tenant) => _slots.GetValueOrDefault(tenant)?.Published;

    /// <summary>The newest published checkpoint of a tenant's log, whichever process published it.</summary>
    public async ValueTask<LogCheckpoint?> PublishedAsync(string tenant, CancellationToken cancellationToken)
    {
        try
        {
            await AdoptAsync(tenant, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What this process knows is still true, and was published.
            Log.Failed(logger, exception);
        }

        return PublishedOf(tenant);
    }

    /// <summary>Compares every checkpoint that was signed with what is stored. Once, after the trees were restored.</summary>
    /// <exception cref="InvalidOperationException">A log is shorter than a checkpoint of it, or another; the message says what to do.</exception>
    public async ValueTask InitializeAsync(CancellationToken cancellationToken)
    {
        // What was signed is read before the logs are measured: where others append, a log may only have become longer since.
        var signed = (files?.ReadAll() ?? []).ToList();
        foreach (var stored in shared is null ? [] : await shared.ReadAsync(null, cancellationToken))
        {
            signed.AddRange(new[] { stored.Signed, stored.Published }.Where(note => !note.IsEmpty)
                .Select(note => ($"the database, tenant {stored.Tenant}", SignedNote.Parse(note.Span), Read(stored.Tenant, note).Checkpoint)));
        }

        var lengths = (await log.ReadLogsAsync(cancellationToken)).ToDictionary(l => l.Tenant, l => l.LastSeq, StringComparer.Ordinal);
        foreach (var (path, note, checkpoint) in signed)
        {
            var tenant = await CheckAsync(path, note, checkpoint, lengths, cancellationToken);
            var found = new LogCheckpoint(checkpoint, note.ToBytes());
            var slot = _slots.GetOrAdd(tenant, _ => new Slot());
            slot.Signed = Newest(slot.Signed, found);
            slot.Published = shared is null && witnesses is null or { Quorum: 0 } ? Newest(slot.Published, found) : slot.Published;
        }

        await FollowAsync(null, cancellationToken);
    }

    /// <summary>Signs and publishes what grew since the last time.</summary>
    public async Task PublishAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FollowAsync(null, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _followTrouble = Codes.CheckpointFailed;
            Log.Failed(logger, exception);
            return;
        }

        foreach (var (tenant, head) in trees.Heads)
        {
            if (!(PublishedOf(tenant)?.Checkpoint.Size >= head.Size))
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
        if (shared is not null && !(PublishedOf(tenant)?.Checkpoint.Size > index))
        {
            await FollowAsync(tenant, cancellationToken);
        }

        var published = PublishedOf(tenant);
        if ((published is null || published.Checkpoint.Size <= index) && trees.HeadOf(tenant)?.Size > index)
        {
            published = await PublishAsync(tenant, cancellationToken);
        }

        return published?.Checkpoint.Size > index ? published : null;
    }

    /// <summary>
    /// Learns how far other processes brought the logs, and which checkpoints they published, so that every process serves the same
    /// ones. Nothing to do where one process has the log for itself.
    /// </summary>
    /// <param name="tenant">One log, or <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">A stored checkpoint is not signed by a key of this server.</exception>
    public async ValueTask FollowAsync(string? tenant, CancellationToken cancellationToken)
    {
        if (shared is null || log is not ISharedAuditLog logs)
        {
            return;
        }

        await AdoptAsync(tenant, cancellationToken);
        foreach (var (grown, head) in await logs.ReadHeadsAsync(tenant, cancellationToken))
        {
            await trees.FollowAsync(grown, head.Seq, cancellationToken);
        }

        _followTrouble = null;
    }

    /// <summary>Signs and publishes the checkpoint of a tenant's log as it is stored now.</summary>
    /// <returns>The newest published checkpoint: the former one where this one may not be published.</returns>
    public async Task<LogCheckpoint?> PublishAsync(string tenant, CancellationToken cancellationToken)
    {
        var slot = _slots.GetOrAdd(tenant, _ => new Slot());
        await slot.Gate.WaitAsync(cancellationToken);
        try
        {
            if (trees.HeadOf(tenant) is { } head && !(slot.Published?.Checkpoint.Size >= head.Size))
            {
                await PublishAsync(tenant, slot, head, cancellationToken);
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

    private async ValueTask PublishAsync(string tenant, Slot slot, TreeHead head, CancellationToken cancellationToken)
    {
        await using var turn = shared is null ? null : await shared.BeginAsync(tenant, cancellationToken);
        if (turn is not null)
        {
            Adopt(slot, turn.Stored);
        }
        else if (shared is not null)
        {
            // Another process publishes; what it published is taken over the next time.
            return;
        }

        if (slot.Published?.Checkpoint.Size >= head.Size)
        {
            slot.Trouble = null;
            return;
        }

        if (slot.Signed is null || slot.Signed.Checkpoint.Size < head.Size)
        {
            await RefuseOtherAsync(tenant, slot, head, cancellationToken);
            slot.Signed = await SignAsync(tenant, head, turn, cancellationToken);
        }

        await CosignAsync(tenant, slot, slot.Signed, turn, cancellationToken);
    }

    /// <summary>
    /// Where several processes append, what this one knows may no longer be what is stored: a database that broke down may have lost the
    /// last moment, and somebody may have changed it. Signed is what is there now, and only if it continues what was signed before.
    /// </summary>
    private async ValueTask RefuseOtherAsync(string tenant, Slot slot, TreeHead head, CancellationToken cancellationToken)
    {
        if (log is not ISharedAuditLog logs)
        {
            return;
        }

        var stored = (await logs.ReadHeadsAsync(tenant, cancellationToken)).GetValueOrDefault(tenant)?.Seq ?? 0;
        var prover = trees.ProverOf(tenant);
        if (stored < head.Size
            || !(await prover.RootAsync(head.Size, cancellationToken)).AsSpan().SequenceEqual(head.Root())
            || (slot.Signed is { } signed && !(await prover.RootAsync(signed.Checkpoint.Size, cancellationToken)).AsSpan().SequenceEqual(signed.Checkpoint.Root.Span)))
        {
            trees.Unlearn(tenant, head);
            throw new InvalidOperationException($"{Codes.LogNotTheSame}: what is stored of a log is not what this server knows or signed of it; nothing is signed. Run agentgate log fsck.");
        }
    }

    private async ValueTask<LogCheckpoint> SignAsync(string tenant, TreeHead head, ICheckpointTurn? turn, CancellationToken cancellationToken)
    {
        // Under durability `write` the newest entries may be in the operating system only: nobody may be told of those.
        await log.FlushAsync(cancellationToken);
        var checkpoint = new Checkpoint(LogOrigin.Of(keys.Name, tenant), head.Size, head.Root());
        var key = keys.Current;
        var note = checkpoint.Sign(new NoteSigner(key, NoteKey.ForLog(checkpoint.Origin, key.PublicKey))).ToBytes();
        files?.Write(checkpoint.Origin, note);
        var signed = new LogCheckpoint(checkpoint, note);
        if (turn is not null)
        {
            await turn.StoreSignedAsync(signed, cancellationToken);
        }

        return signed;
    }

    private async ValueTask CosignAsync(string tenant, Slot slot, LogCheckpoint signed, ICheckpointTurn? turn, CancellationToken cancellationToken)
    {
        if (witnesses is null or { Quorum: 0 })
        {
            await PublishAsync(slot, signed, turn, cancellationToken);
            return;
        }

        var prover = trees.ServingProverOf(tenant);
        var result = await witnesses.CosignAsync(signed.Checkpoint.Origin, signed.Note, prover.ConsistencyAsync, cancellationToken);
        if (result is CosignResult.Cosigned cosigned)
        {
            await PublishAsync(slot, new LogCheckpoint(signed.Checkpoint, cosigned.Note), turn, cancellationToken);
            return;
        }

        // The quorum itself logs who did not answer what.
        slot.Trouble = Codes.WitnessQuorumMissing;
        metrics.CheckpointRefused(Codes.WitnessQuorumMissing);
    }

    private static async ValueTask PublishAsync(Slot slot, LogCheckpoint published, ICheckpointTurn? turn, CancellationToken cancellationToken)
    {
        if (turn is not null)
        {
            await turn.StorePublishedAsync(published, cancellationToken);
        }

        (slot.Published, slot.Trouble) = (published, null);
    }

    private async ValueTask AdoptAsync(string? tenant, CancellationToken cancellationToken)
    {
        foreach (var stored in shared is null ? [] : await shared.ReadAsync(tenant, cancellationToken))
        {
            Adopt(_slots.GetOrAdd(stored.Tenant, _ => new Slot()), stored);
        }
    }

    /// <summary>Takes over what is stored. Nobody goes back to a smaller one.</summary>
    private void Adopt(Slot slot, SharedCheckpoint stored)
    {
        slot.Signed = stored.Signed.IsEmpty ? slot.Signed : Newest(slot.Signed, Read(stored.Tenant, stored.Signed));
        slot.Published = stored.Published.IsEmpty ? slot.Published : Newest(slot.Published, Read(stored.Tenant, stored.Published));
    }

    private static LogCheckpoint Newest(LogCheckpoint? one, LogCheckpoint other) => one?.Checkpoint.Size >= other.Checkpoint.Size ? one : other;

    private LogCheckpoint Read(string tenant, ReadOnlyMemory<byte> bytes)
    {
        if (SignedNote.TryParse(bytes.ToArray(), out var note, out _)
            && Checkpoint.TryParse(note.Text.Span, out var checkpoint, out _)
            && checkpoint.Origin == LogOrigin.Of(keys.Name, tenant)
            && note.Verify([.. keys.All.Select(key => NoteKey.ForLog(checkpoint.Origin, key))], out _))
        {
            return new LogCheckpoint(checkpoint, bytes);
        }

        throw new InvalidOperationException(
            $"{Codes.SharedCheckpointForeign}: the checkpoint of tenant {tenant} in the database is not signed by a key of this server ({keys.Name}). "
            + "All servers of a cluster need the same signing.keys or AGENTGATE_DECISION_SIGNING_KEY, and the same name.");
    }

    /// <summary>A checkpoint that was signed, against the log as it is.</summary>
    /// <returns>Whose log it is of.</returns>
    private async ValueTask<string> CheckAsync(
        string path, SignedNote note, Checkpoint checkpoint, Dictionary<string, long> lengths, CancellationToken cancellationToken)
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

        return tenant;
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
