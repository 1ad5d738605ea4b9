using AgentGate.Kernel.Admissibility;

namespace AgentGate.Kernel.Plans;

/// <summary>What the theorem is asked about one step. Immutable.</summary>
/// <param name="Alpha">The request, in the step's state.</param>
/// <param name="Knowledge">What is in force in that state: the present, with the grants that steps before revoked.</param>
public sealed record PlanMoment(Alpha Alpha, Knowledge Knowledge);
