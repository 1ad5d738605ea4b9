using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Identity;

/// <summary>Is the principal known, and does its key open the doors? The second look after the door's own authentication.</summary>
internal sealed class IdentityGuard : IRequestGuard
{
    public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
    {
        var principal = context.Call.Principal;
        Verdict verdict = principal switch
        {
            { Id.Length: 0 } or { Tenant.Length: 0 } =>
                new Verdict.Deny(Codes.UnknownPrincipal, "The call names no principal.", DenialKind.Unauthenticated),
            { Scopes: var scopes } when !scopes.Contains(AgentGate.Pipeline.Scopes.Doors) =>
                new Verdict.Deny(Codes.KeyScopeMissing, "The key does not carry the scope \"doors\".", DenialKind.Forbidden),
            _ => Verdict.Allowed,
        };
        return ValueTask.FromResult(verdict);
    }
}
