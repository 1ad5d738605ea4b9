namespace AgentGate.Cedar.Entities;

/// <summary>What is asked: may this principal do this action on this resource in this context?</summary>
/// <param name="Principal">Who asks.</param>
/// <param name="Action">What is asked.</param>
/// <param name="Resource">What it acts on.</param>
/// <param name="Context">The circumstances.</param>
public sealed record AuthorizationRequest(EntityUid Principal, EntityUid Action, EntityUid Resource, CedarRecord Context);
