using AgentGate.Kernel.Admissibility;

namespace AgentGate.Pipeline;

/// <summary>
/// Asks safety nodes for their votes on a request that demands them (<c>quorum_required</c>). Asked last, when the content is final and
/// everything else holds, because a vote names α's hash. Thread-safe.
/// </summary>
internal interface ISafetyQuorum
{
    /// <summary>The nodes whose votes count for a tenant, for the settings that Γ names; the same object until they change.</summary>
    /// <returns><see langword="null"/> where no votes are configured: what demands them is then refused.</returns>
    VoteQuorum? Of(string tenant);

    /// <summary>Binds the decision to its content, asks every node at once, and puts each valid vote on record, yes or no, before it counts.</summary>
    /// <param name="evidence">The theorem as it was evaluated; nothing but votes is missing.</param>
    /// <param name="contentDigest">The digest of the content as judged.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    /// <returns>The theorem with the votes. Who is unreachable, late, or answers anything but a valid vote on this very question said nothing.</returns>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    /// <remarks>Any other throw means a vote could not be put on record: the call does not go on.</remarks>
    ValueTask<VotedDecision> VoteAsync(AdmissibilityEvidence evidence, string contentDigest, CancellationToken cancellationToken);
}
