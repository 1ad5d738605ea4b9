using AgentGate.Cedar.Entities;

namespace AgentGate.Kernel.Admissibility;

/// <summary>One request to the policies, with the entities it is judged with. Immutable.</summary>
/// <param name="Demand">What must come out.</param>
/// <param name="Principal">Who.</param>
/// <param name="Action">What.</param>
/// <param name="Resource">On what.</param>
/// <param name="Context">Under which circumstances.</param>
/// <param name="Entities">The entities. Questions that share a store share its place in α.</param>
public sealed record PolicyQuestion(
    QuestionDemand Demand, EntityUid Principal, EntityUid Action, EntityUid Resource, CedarRecord Context, EntityStore Entities);
