using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;
using AgentGate.Pipeline;

namespace AgentGate.Approvals;

/// <summary>Attests that people approved a call that goes on.</summary>
internal sealed class ApprovalFacts : IAttestedFacts
{
    public ValueTask<ImmutableArray<Attestation>> OfAsync(GateCall call, CallScope scope, CancellationToken cancellationToken)
        => ValueTask.FromResult<ImmutableArray<Attestation>>(Resumption.Of(call, scope) is { } resumption
            ? [new Attestation(Obligations.ApprovalRequired, resumption.ApprovedAt, resumption.ApprovedBy)]
            : []);
}
