using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;

namespace AgentGate.Pipeline;

/// <summary>What the server's own records say is fulfilled for a call: second factors, approvals, confirmed previews. Thread-safe.</summary>
internal interface IAttestedFacts
{
    /// <summary>The attestations that concern a call; empty where there are none. Never from the caller's body.</summary>
    /// <param name="call">The call.</param>
    /// <param name="scope">What is known of it: a call that was held and goes on names its <see cref="Resumption"/>.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    ValueTask<ImmutableArray<Attestation>> OfAsync(GateCall call, CallScope scope, CancellationToken cancellationToken);
}
