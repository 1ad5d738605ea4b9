namespace AgentGate.Kernel.Admissibility;

/// <summary>How the server knows who asks: from its own records, never from the caller's body. Immutable.</summary>
/// <param name="Method">How.</param>
/// <param name="Principal">Whom the records name.</param>
/// <param name="Tenant">Whose principal that is.</param>
/// <param name="KeyId">The id of the key that was used, if one was.</param>
public sealed record Authentication(AuthenticationMethod Method, string Principal, string Tenant, string? KeyId = null);
