using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using AgentGate.Server.Access;

namespace AgentGate.Server.Identity.Users;

/// <summary>Puts on record that somebody tried to give what they have not, or to touch who may do more, and tells who watches for it.</summary>
internal sealed class Escalations(IdentityActs acts, ISecurityEvents? events = null)
{
    /// <summary>Puts a refused try on record.</summary>
    /// <param name="context">The request.</param>
    /// <param name="action">What was tried, a constant.</param>
    /// <param name="about">Whom it was about.</param>
    public async Task RefusedAsync(HttpContext context, string action, string? about)
    {
        var (principal, origin) = (context.GetPrincipal(), ActOrigins.Of(context));
        await acts.AppendAsync(context, principal.Tenant, principal.Id, action, "refused", Codes.GivesBeyondOwn, about);
        if (events is not null)
        {
            await events.ReportAsync(
                new SecurityEvent.EscalationRefused
                {
                    Address = origin.Address, UserAgent = origin.UserAgent, Tenant = principal.Tenant, ActorId = principal.Id, Action = action,
                },
                context.RequestAborted);
        }
    }
}
