namespace AgentGate.Witness;

/// <summary>Carries requests to witnesses. Thread-safe.</summary>
internal interface IWitnessTransport
{
    /// <summary>Posts to <c>add-checkpoint</c> of a witness.</summary>
    /// <param name="witness">The witness's submission prefix.</param>
    /// <param name="body">The body.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer, or <see langword="null"/> when there was none that could be read.</returns>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    ValueTask<WitnessReply?> AddCheckpointAsync(Uri witness, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);
}
