using AgentGate.Kernel.Delegation;

namespace AgentGate.Pipeline;

/// <summary>Proves the grants and revocations that a decision rests on, as a bundle holds them. Thread-safe.</summary>
internal interface IGrantEvidence
{
    /// <summary>Canonical JSON: an object with the bundle's members <c>grants</c> and <c>revocations</c> (docs/formats/bundle.md).</summary>
    /// <param name="delegationRef">The leaf of the chain.</param>
    /// <param name="facts">The grants the decision was made with.</param>
    ReadOnlyMemory<byte> Write(string delegationRef, IGrantFacts facts);
}
