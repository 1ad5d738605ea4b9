namespace AgentGate.Delegation;

/// <summary>Grants for as long as the process lives: what the SDK has without a storage profile.</summary>
internal sealed class InMemoryGrantStore : IGrantStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, StoredGrant> _grants = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, StoredRevocation> _revocations = new(StringComparer.Ordinal);

    public Task AddAsync(StoredGrant grant, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _grants.Add(grant.Id, grant);
        }

        return Task.CompletedTask;
    }

    public Task<bool> RevokeAsync(StoredRevocation revocation, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var id = revocation.Revocation.GrantId;
            if (!_grants.TryGetValue(id, out var grant) || grant.Tenant != revocation.Tenant)
            {
                return Task.FromResult(false);
            }

            _revocations.TryAdd(id, revocation);
            return Task.FromResult(true);
        }
    }

    public Task<IReadOnlyList<StoredGrant>> ReadGrantsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<StoredGrant>>([.. _grants.Values]);
        }
    }

    public Task<IReadOnlyList<StoredRevocation>> ReadRevocationsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<StoredRevocation>>([.. _revocations.Values]);
        }
    }

    public Task ForgetAsync(string tenant, DateTimeOffset expiredBefore, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var grant in _grants.Values.Where(grant => grant.Tenant == tenant && grant.ExpiresAt < expiredBefore).ToArray())
            {
                _grants.Remove(grant.Id);
                _revocations.Remove(grant.Id);
            }
        }

        return Task.CompletedTask;
    }
}
