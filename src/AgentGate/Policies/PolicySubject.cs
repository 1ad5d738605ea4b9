using AgentGate.Cedar.Entities;

namespace AgentGate.Policies;

/// <summary>A principal and a resource as entities. Immutable; the same one serves every call of the pair.</summary>
/// <param name="Principal">The principal's name.</param>
/// <param name="Resource">The resource's name.</param>
/// <param name="Entities">Both, and what else a request about them needs, in exact spelling.</param>
/// <param name="Folded">The same with the folded names above, where these differ.</param>
internal sealed record PolicySubject(Entity Principal, Entity Resource, EntityStore Entities, EntityStore? Folded);
