namespace AgentGate.Audit;

/// <summary>The turn to sign and publish checkpoints of one log. Disposing ends it. Not thread-safe.</summary>
internal interface ICheckpointTurn : IAsyncDisposable
{
    /// <summary>What was signed and published before.</summary>
    SharedCheckpoint Stored { get; }

    /// <summary>Stores a signed checkpoint, durably, before anybody is shown it.</summary>
    /// <exception cref="InvalidOperationException">One as large was signed meanwhile: the turn was lost.</exception>
    ValueTask StoreSignedAsync(LogCheckpoint signed, CancellationToken cancellationToken);

    /// <summary>Stores a checkpoint that may be served.</summary>
    /// <exception cref="InvalidOperationException">A larger one was published meanwhile: the turn was lost.</exception>
    ValueTask StorePublishedAsync(LogCheckpoint published, CancellationToken cancellationToken);
}
