using System.Collections.Immutable;
using AgentGate.Kernel.Plans;
using AgentGate.Pipeline;

namespace AgentGate.Plans;

/// <summary>A verified plan with its proofs. Immutable.</summary>
/// <param name="PlanId">What its log entries call it, a UUIDv7.</param>
/// <param name="Result">What came out.</param>
/// <param name="Certificates">The certificate of each evaluated step, in order; mode <c>counterfactual</c>: nothing was to happen.</param>
public sealed record PlanVerification(string PlanId, PlanResult Result, ImmutableArray<IssuedCertificate> Certificates);
