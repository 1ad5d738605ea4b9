using System.Collections.Concurrent;

namespace AgentGate.Keys;

/// <summary>Keys of one process. Thread-safe.</summary>
internal sealed class InMemoryApiKeyStore : IApiKeyStore
{
    private readonly Lock _owned = new();
    private readonly ConcurrentDictionary<string, ApiKey> _keys = new(StringComparer.Ordinal);

    public Task AddAsync(ApiKey key, CancellationToken cancellationToken)
        => _keys.TryAdd(key.Id, key) ? Task.CompletedTask : throw new InvalidOperationException("A key with this id exists.");

    public Task<bool> AddOwnedAsync(ApiKey key, CancellationToken cancellationToken)
    {
        lock (_owned)
        {
            return _keys.Values.Any(other => other.Tenant == key.Tenant && other.PrincipalId == key.PrincipalId && other.OwnerId != key.OwnerId)
                ? Task.FromResult(false)
                : Task.FromResult(_keys.TryAdd(key.Id, key) ? true : throw new InvalidOperationException("A key with this id exists."));
        }
    }

    public Task<ApiKey?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult(_keys.GetValueOrDefault(id));

    public Task<IReadOnlyList<ApiKey>> ListAsync(string tenant, CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyList<ApiKey>>([.. _keys.Values.Where(k => k.Tenant == tenant).OrderByDescending(k => k.CreatedAt).ThenBy(k => k.Id, StringComparer.Ordinal)]);

    public async Task<IReadOnlyList<ApiKey>> ListAsync(string tenant, string ownerId, CancellationToken cancellationToken)
        => [.. (await ListAsync(tenant, cancellationToken)).Where(key => key.OwnerId == ownerId)];

    public Task<bool> RevokeAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (_keys.GetValueOrDefault(id) is not { } key || key.Tenant != tenant)
        {
            return Task.FromResult(false);
        }

        _keys.AddOrUpdate(id, key, (_, current) => current with { RevokedAt = current.RevokedAt ?? at });
        return Task.FromResult(true);
    }

    public Task StoreUsageAsync(IReadOnlyCollection<KeyValuePair<string, DateTimeOffset>> usage, CancellationToken cancellationToken)
    {
        foreach (var (id, at) in usage)
        {
            if (_keys.TryGetValue(id, out var key))
            {
                _keys.AddOrUpdate(id, key, (_, current) => current with { LastUsedAt = at });
            }
        }

        return Task.CompletedTask;
    }
}
