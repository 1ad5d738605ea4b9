namespace AgentGate.Storage.Cluster.Limits;

/// <summary>Which epoch of counts is the current one, remembered outside of the store that holds them. Thread-safe.</summary>
internal interface ILimitEpochs
{
    /// <summary>The current epoch's id, or <see langword="null"/> where nothing was ever counted.</summary>
    /// <exception cref="LimitEpochsLostException">The memory cannot be asked.</exception>
    ValueTask<string?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Puts an epoch in the place of the one expected.</summary>
    /// <returns>Whether the one expected was the current one.</returns>
    /// <exception cref="LimitEpochsLostException">The memory cannot be asked.</exception>
    ValueTask<bool> ReplaceAsync(string? expected, string next, CancellationToken cancellationToken);
}

/// <summary>The memory of epochs cannot be asked.</summary>
internal sealed class LimitEpochsLostException(Exception cause) : Exception("The memory of the counts' epochs cannot be asked.", cause);
