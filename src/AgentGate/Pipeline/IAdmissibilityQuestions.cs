using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>Makes of a call what the theorem is asked, the way the gate does, without letting anything happen. Thread-safe.</summary>
internal interface IAdmissibilityQuestions
{
    /// <summary>What is in force for a tenant now.</summary>
    KnowledgeEpoch EpochOf(string tenant);

    /// <summary>The request of a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="epoch">What it is judged with.</param>
    /// <param name="attestations">What counts as fulfilled, sorted by obligation.</param>
    /// <param name="fault">Why the gate would refuse the call before it asked a policy.</param>
    /// <returns>α without nonce, salt and digest; <see langword="null"/> where there is a fault.</returns>
    Alpha? OfCall(GateCall call, KnowledgeEpoch epoch, ImmutableArray<Attestation> attestations, out string? fault);

    /// <summary>The request of what a tool does to one target, by itself.</summary>
    /// <param name="call">The call of the tool.</param>
    /// <param name="action">What it does, one of <see cref="GateActions.Effects"/>.</param>
    /// <param name="target">The target as it is spelled; it is read as an argument would be.</param>
    /// <param name="epoch">What it is judged with.</param>
    /// <param name="attestations">What counts as fulfilled, sorted by obligation.</param>
    /// <param name="fault">Why it cannot be read.</param>
    Alpha? OfTarget(GateCall call, string action, EntityRef target, KnowledgeEpoch epoch, ImmutableArray<Attestation> attestations, out string? fault);
}
