using AgentGate.Cedar.Entities;

namespace AgentGate.Policies;

/// <summary>One request to the policies, with the entities it is judged with.</summary>
/// <param name="Request">Principal, action, resource and context.</param>
/// <param name="Entities">The entities in their exact spelling.</param>
/// <param name="Folded">
/// The same entities with their lower-case names above them, where these differ: forbids are asked with these too, permits never,
/// so that another case slips past no forbid and widens no permit.
/// </param>
internal sealed record PolicyRequest(AuthorizationRequest Request, EntityStore Entities, EntityStore? Folded);
