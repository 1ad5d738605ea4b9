using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Identity;

/// <summary>Is the principal known, and does its key carry the scope of what it asks? The second look after the door's own authentication.</summary>
internal sealed class IdentityGuard : IRequestGuard
{
    public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
    {
        var principal = context.Call.Principal;

        // An agent's key opens the doors and changes no policy; an operator's key need not open the doors.
        var scope = context.Call.Action switch
        {
            GateActions.ActivatePolicy => Pipeline.Scopes.PoliciesWrite,
            GateActions.IssueGrant or GateActions.RevokeGrant => Pipeline.Scopes.DelegationWrite,
            _ => Pipeline.Scopes.Doors,
        };
        Verdict verdict = principal switch
        {
            { Id.Length: 0 } or { Tenant.Length: 0 } =>
                new Verdict.Deny(Codes.UnknownPrincipal, "The call names no principal.", DenialKind.Unauthenticated),
            { Scopes: var scopes } when !scopes.Contains(scope) =>
                new Verdict.Deny(Codes.KeyScopeMissing, $"The key does not carry the scope \"{scope}\".", DenialKind.Forbidden),
            _ => Verdict.Allowed,
        };
        return ValueTask.FromResult(verdict);
    }
}
