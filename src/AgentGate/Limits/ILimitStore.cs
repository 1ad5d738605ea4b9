namespace AgentGate.Limits;

/// <summary>Where calls are counted. One question takes a place in every count it names, or in none.</summary>
/// <remarks>
/// Thread-safe. In no window of a rule's length does a count hold more calls than the rule has, whatever happens at the
/// same time. A call that is refused is not counted. One answer is one atomic step of the store, so that a store with
/// scripts answers in one round trip. A store that several servers share grants <see cref="Limit.Centre"/> calls of a rule,
/// since the rest is spread over the servers; one in process grants all.
/// </remarks>
internal interface ILimitStore
{
    /// <summary>Asks for one call in each count.</summary>
    /// <param name="claims">The counts, in the order of their rules, none twice.</param>
    /// <param name="counts">Receives what became of each, at the same index.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    /// <returns>Whether the call fitted everywhere and is counted.</returns>
    /// <exception cref="LimitStoreLostException">The store cannot be reached, or cannot answer.</exception>
    ValueTask<bool> TryAcquireAsync(ReadOnlyMemory<LimitClaim> claims, Memory<LimitCount> counts, CancellationToken cancellationToken);
}
