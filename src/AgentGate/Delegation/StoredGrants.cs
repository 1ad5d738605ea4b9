using AgentGate.Diagnostics;
using AgentGate.Kernel.Delegation;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Delegation;

/// <summary>
/// Puts the stored grants in force when a server starts. A grant whose signature does not verify counts nowhere, and the server
/// says so; a revocation counts in any case.
/// </summary>
internal sealed partial class StoredGrants(
    IGrantStore store, GrantRegistry registry, TimeProvider time, ILogger<StoredGrants> logger, GrantMetrics metrics, ISigningKeys? keys = null)
{
    /// <summary>Loads everything. Throws when the store fails, and then the server does not start.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var grants = await store.ReadGrantsAsync(cancellationToken);
        var revocations = (await store.ReadRevocationsAsync(cancellationToken)).ToLookup(one => one.Tenant, one => one.Revocation, StringComparer.Ordinal);
        var forgotten = time.GetUtcNow() - GrantAdministration.Remembered;
        foreach (var tenant in grants.GroupBy(grant => grant.Tenant, StringComparer.Ordinal))
        {
            await store.ForgetAsync(tenant.Key, forgotten, cancellationToken);
            var believed = tenant.Where(grant => grant.ExpiresAt >= forgotten).Select(Believe).OfType<SignedGrant>().ToList();
            var known = believed.Select(grant => grant.Grant.Id).ToHashSet(StringComparer.Ordinal);
            registry.Put(tenant.Key, GrantSnapshot.Create(believed, [.. revocations[tenant.Key].Where(one => known.Contains(one.GrantId))]));
        }
    }

    private SignedGrant? Believe(StoredGrant stored)
    {
        var problem = !SignedGrant.TryParse(stored.Signed.Span, out var grant) ? "it cannot be read"
            : grant.Grant.Id != stored.Id || grant.Grant.Tenant != stored.Tenant ? "it is filed under another id or tenant"
            : keys is null ? "there is no key to verify it with"
            : !grant.IsSignedBy(keys.Find(grant.KeyId)) ? "its signature does not verify"
            : null;
        if (problem is null)
        {
            return grant;
        }

        metrics.Broken();
        Log.Broken(logger, stored.Id, stored.Tenant, problem);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(1303, LogLevel.Critical, Codes.StoredGrantBroken + ": the stored grant {Grant} of the tenant {Tenant} is not believed: {Problem}. It counts nowhere, and what rests on it is denied; somebody changed the store, or a signing key is missing.")]
        public static partial void Broken(ILogger logger, string grant, string tenant, string problem);
    }
}
