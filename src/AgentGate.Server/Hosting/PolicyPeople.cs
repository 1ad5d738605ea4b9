using AgentGate.Identity;
using AgentGate.Keys;
using AgentGate.Pipeline;
using AgentGate.Policies.Versions;

namespace AgentGate.Server.Hosting;

/// <summary>The persons behind those who write policies, by the users and the keys of the tenant. Asked when something comes into force, so nothing is kept. Thread-safe.</summary>
internal sealed class PolicyPeople(IUserDirectory users, IApiKeyStore keys) : IPolicyPeople
{
    public async Task<string> PersonOfAsync(string tenant, string principalId, CancellationToken cancellationToken)
    {
        // An agent belongs to one owner for good, the revoked keys say so too.
        var owned = (await keys.ListAsync(tenant, cancellationToken)).FirstOrDefault(key => key.PrincipalId == principalId && key.OwnerId is not null);
        return owned?.OwnerId ?? principalId;
    }

    public async Task<int> WritersAsync(string tenant, CancellationToken cancellationToken)
        => (await users.ListAsync(tenant, cancellationToken)).Count(user => user.IsActive && Roles.ScopesOf(user.Role).Contains(Scopes.PoliciesWrite));
}
