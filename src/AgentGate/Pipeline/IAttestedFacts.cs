using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;

namespace AgentGate.Pipeline;

/// <summary>What the server's own records say is fulfilled for a call: second factors, approvals, confirmed previews. Thread-safe.</summary>
internal interface IAttestedFacts
{
    /// <summary>The attestations that concern a call; empty where there are none. Never from the caller's body.</summary>
    ValueTask<ImmutableArray<Attestation>> OfAsync(GateCall call, CancellationToken cancellationToken);
}
