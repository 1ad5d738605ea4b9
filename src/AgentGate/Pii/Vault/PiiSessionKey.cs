using AgentGate.Kernel.Decisions;

namespace AgentGate.Pii.Vault;

/// <summary>Names one stored PII session. Tenant and owner are part of it, so that two keys never meet in one session.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Owner">Whose session it is: <c>key:</c> and the key's id, or <c>principal:</c> and the principal's id.</param>
/// <param name="Name"><c>name:</c> and the caller's own name, or <c>call:</c> and the id of the call that began a conversation.</param>
internal readonly record struct PiiSessionKey(string Tenant, string Owner, string Name)
{
    /// <summary>The session with the name the caller gave.</summary>
    public static PiiSessionKey Named(Principal principal, string name) => new(principal.Tenant, OwnerOf(principal), "name:" + name);

    /// <summary>The session that begins with a call.</summary>
    public static PiiSessionKey OfCall(Principal principal, string callId) => new(principal.Tenant, OwnerOf(principal), "call:" + callId);

    /// <summary>The owner of a principal's sessions.</summary>
    public static string OwnerOf(Principal principal)
        => principal.KeyId is { } key ? "key:" + key : "principal:" + principal.Id;
}
