namespace AgentGate.Audit;

/// <summary>The newest checkpoints of the logs, where several processes sign and serve them. Thread-safe. Throws when the store fails.</summary>
internal interface ISharedCheckpoints
{
    /// <summary>The newest checkpoints, of all logs or that of one tenant.</summary>
    ValueTask<IReadOnlyList<SharedCheckpoint>> ReadAsync(string? tenant, CancellationToken cancellationToken);

    /// <summary>Takes the turn to sign and publish a log's checkpoint; one process has it at a time, and it ends with the process.</summary>
    /// <returns>The turn; <see langword="null"/> where another process keeps it for longer than can be waited.</returns>
    ValueTask<ICheckpointTurn?> BeginAsync(string tenant, CancellationToken cancellationToken);
}
