namespace AgentGate.Pipeline;

/// <summary>Asks witnesses to cosign a log's checkpoints. Thread-safe.</summary>
internal interface ICheckpointWitnesses
{
    /// <summary>How many cosignatures a checkpoint needs before it may be published; 0 when no witness is configured.</summary>
    int Quorum { get; }

    /// <summary>Collects cosignatures for a signed checkpoint. Never throws for what a witness does or does not answer.</summary>
    /// <param name="origin">The log's origin.</param>
    /// <param name="signedNote">The checkpoint, signed by the log.</param>
    /// <param name="consistencyProof">Gives the proof from an older size to a newer one; both at most the checkpoint's size.</param>
    /// <param name="cancellationToken">Gives up; there is no quorum then.</param>
    /// <returns>The note to publish, or why it must not be published.</returns>
    ValueTask<CosignResult> CosignAsync(
        string origin,
        ReadOnlyMemory<byte> signedNote,
        Func<long, long, CancellationToken, ValueTask<IReadOnlyList<byte[]>>> consistencyProof,
        CancellationToken cancellationToken);
}
