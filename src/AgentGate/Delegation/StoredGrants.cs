using System.Collections.Immutable;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Delegation;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Delegation;

/// <summary>
/// Puts the stored grants in force when a server starts, and when another server changed them. A grant whose signature does not verify
/// counts nowhere, and the server says so; a revocation counts in any case.
/// </summary>
internal sealed partial class StoredGrants(
    IGrantStore store, GrantRegistry registry, TimeProvider time, ILogger<StoredGrants> logger, GrantMetrics metrics, ISigningKeys? keys = null)
    : IFollowChanges
{
    public string Topic => ChangeTopics.Grants;

    /// <summary>Loads everything. Throws when the store fails, and then the server does not start.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await ReloadAsync(cancellationToken);
        var forgotten = time.GetUtcNow() - GrantAdministration.Remembered;
        foreach (var tenant in (await store.ReadGrantsAsync(cancellationToken)).Where(grant => grant.ExpiresAt < forgotten).Select(grant => grant.Tenant).Distinct())
        {
            await store.ForgetAsync(tenant, forgotten, cancellationToken);
        }
    }

    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        using var turn = await registry.Turn.TakeAsync(cancellationToken);

        // Grants before revocations: a revocation without its grant is passed over, a revoked grant without its revocation would count.
        var grants = await store.ReadGrantsAsync(cancellationToken);
        var revocations = (await store.ReadRevocationsAsync(cancellationToken)).ToLookup(one => one.Tenant, one => one.Revocation, StringComparer.Ordinal);
        var forgotten = time.GetUtcNow() - GrantAdministration.Remembered;
        registry.PutAll(grants.GroupBy(grant => grant.Tenant, StringComparer.Ordinal).ToImmutableDictionary(
            tenant => tenant.Key, tenant => Snapshot(tenant.Key, tenant.Where(grant => grant.ExpiresAt >= forgotten), revocations[tenant.Key]), StringComparer.Ordinal));
    }

    private GrantSnapshot Snapshot(string tenant, IEnumerable<StoredGrant> grants, IEnumerable<GrantRevocation> revocations)
    {
        var now = registry.Current(tenant);
        var verified = now.Grants.ToDictionary(grant => grant.Grant.Id, StringComparer.Ordinal);
        var believed = grants.Select(grant => Believe(grant, verified)).OfType<SignedGrant>().ToList();
        var known = believed.Select(grant => grant.Grant.Id).ToHashSet(StringComparer.Ordinal);
        var read = GrantSnapshot.Create(believed, [.. revocations.Where(one => known.Contains(one.GrantId))]);

        // The very same object where nothing changed: Γ is worked out anew only where it is another.
        return read.GrantsRoot == now.GrantsRoot && read.RevocationsRoot == now.RevocationsRoot && read.GrantsSize == now.GrantsSize
            && read.RevocationsSize == now.RevocationsSize ? now : read;
    }

    private SignedGrant? Believe(StoredGrant stored, Dictionary<string, SignedGrant> verified)
    {
        // The same bytes were verified before.
        if (verified.TryGetValue(stored.Id, out var same) && same.Canonical.Span.SequenceEqual(stored.Signed.Span))
        {
            return same;
        }

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
