using AgentGate.Kernel.Delegation;

namespace AgentGate.Delegation;

/// <summary>A revocation, and what it ended.</summary>
/// <param name="Revocation">The revocation.</param>
/// <param name="Ended">How many live grants it ended, the revoked one among them; 0 where it was revoked before.</param>
internal sealed record RevokedGrant(GrantRevocation Revocation, int Ended);
