namespace AgentGate.Certificates;

/// <summary>Carries a question to a node. Thread-safe.</summary>
internal interface ISafetyNodeTransport
{
    /// <summary>Asks a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="body">The question.</param>
    /// <param name="cancellationToken">Cancelled when the time is up.</param>
    /// <returns>What the node sent, at most a vote's length; unchecked.</returns>
    /// <exception cref="SafetyNodeUnreachableException">It could not be reached, or answered no vote.</exception>
    /// <exception cref="OperationCanceledException">The time is up.</exception>
    ValueTask<ReadOnlyMemory<byte>> AskAsync(SafetyNode node, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);
}
