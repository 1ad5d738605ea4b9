using AgentGate.Kernel.Admissibility;

namespace AgentGate.Pipeline;

/// <summary>
/// The theorem as it was evaluated for one call: what its certificate states and its bundle re-executes. A fact of the call's
/// scope. Immutable.
/// </summary>
/// <param name="CallId">The call; a child call reads its parent's facts and must not take this one for its own.</param>
/// <param name="Alpha">The request. Nonce and salt are empty, and the digest absent, until the certificate is made.</param>
/// <param name="Proof">The first five predicates.</param>
/// <param name="Epoch">What it was evaluated with.</param>
internal sealed record AdmissibilityEvidence(string CallId, Alpha Alpha, AdmissibilityProof Proof, KnowledgeEpoch Epoch)
{
    /// <summary>The evidence of a call, or <see langword="null"/> where it ended before anything was evaluated.</summary>
    public static AdmissibilityEvidence? Of(GateCall call, CallScope scope)
        => scope.Find<AdmissibilityEvidence>() is { } evidence && evidence.CallId == call.Id ? evidence : null;
}
