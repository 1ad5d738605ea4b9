using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;

namespace AgentGate.Cedar.Validation;

/// <summary>One kind of request a schema allows. A policy is valid when it is well typed in every one of them.</summary>
/// <remarks>
/// The slots of a template are no part of it: a slot stands in the scope only, and the entity that fills it is of a type
/// that lets the constraint hold, so every such type gives the constraint the same type.
/// </remarks>
/// <param name="Principal">The type of the principal.</param>
/// <param name="Action">The action.</param>
/// <param name="Resource">The type of the resource.</param>
/// <param name="Context">The type of the context.</param>
public sealed record RequestEnvironment(EntityTypeName Principal, EntityUid Action, EntityTypeName Resource, CedarType.RecordType Context);
