namespace AgentGate.Cedar.Schema;

/// <summary>The type of an attribute.</summary>
/// <param name="Type">Its type.</param>
/// <param name="IsRequired">Whether it is always there.</param>
public sealed record AttributeType(CedarType Type, bool IsRequired);
