using AgentGate.Kernel.Admissibility;

namespace AgentGate.Pipeline;

/// <summary>
/// Asks safety nodes for their votes on a request that demands them (<c>quorum_required</c>). Asked last, when α is final and everything
/// else holds, because a vote names α's hash. Thread-safe.
/// </summary>
internal interface ISafetyQuorum
{
    /// <summary>The nodes whose votes count for a tenant, for the settings that Γ names; the same object until they change.</summary>
    /// <returns><see langword="null"/> where no votes are configured: what demands them is then refused.</returns>
    VoteQuorum? Of(string tenant);

    /// <summary>Asks every node at once, and puts each valid vote on record, yes or no, before it counts.</summary>
    /// <returns>The votes that count. Who is unreachable, late, or answers anything but a valid vote on this very question said nothing.</returns>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    /// <remarks>A throw means a vote could not be put on record: the call does not go on.</remarks>
    ValueTask<QuorumVotes> VoteAsync(QuorumAsk ask, CancellationToken cancellationToken);
}
