using AgentGate.Identity;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Server.Access;

namespace AgentGate.Server.Identity;

/// <summary>
/// Puts what users do to identities on record: signing in and failing to, changing passwords, roles, factors. The entry says who (a pseudonym),
/// what and how it went; address and user agent lie beside it, encrypted. An act that cannot be put on record does not happen: append before acting.
/// </summary>
internal sealed class IdentityActs(IDecisionRecorder recorder, IActOrigins origins, IIdSource ids, TimeProvider time)
{
    /// <summary>The log of what concerns no tenant: somebody who is not known.</summary>
    public const string SystemTenant = "system";

    /// <summary>Puts an act on record.</summary>
    /// <param name="context">The request it came with.</param>
    /// <param name="tenant">Whose log.</param>
    /// <param name="userId">Who acts, or empty where nobody is known.</param>
    /// <param name="action">What, a constant with a dot: <c>auth.sign-in</c>, <c>user.role-changed</c>.</param>
    /// <param name="detail">How it went, from a fixed vocabulary; never content.</param>
    /// <param name="code">The code of a refusal.</param>
    /// <param name="about">Whom or what it concerns, as a pseudonymous id, where that is not the actor.</param>
    public async Task AppendAsync(HttpContext context, string tenant, string userId, string action, string? detail = null, string? code = null, string? about = null)
    {
        var (id, now) = (ids.NewId(), time.GetUtcNow());
        await origins.AddAsync(id, tenant, userId, ActOrigins.Of(context), now, context.RequestAborted);
        await recorder.AppendAsync(
            new DecisionRecord(new LogEntryBody
            {
                Id = id,
                Kind = EntryKind.Admin,
                At = now,
                Tenant = tenant,
                Principal = userId.Length > 0 ? userId : null,
                Action = action,
                Resource = about is null ? null : new("AgentGate::Subject", about),
                Code = code,
                Detail = detail,
            }),
            context.RequestAborted);
    }
}
