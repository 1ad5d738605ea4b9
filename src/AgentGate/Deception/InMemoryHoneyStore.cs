namespace AgentGate.Deception;

/// <summary>Honey tokens for as long as the process lives.</summary>
internal sealed class InMemoryHoneyStore : IHoneyStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, StoredHoneyToken> _tokens = new(StringComparer.Ordinal);
    private readonly List<HoneyTrigger> _triggers = [];

    public Task AddAsync(StoredHoneyToken token, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _tokens.Add(token.Token.Id, token);
        }

        return Task.CompletedTask;
    }

    public Task<bool> RemoveAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_tokens.TryGetValue(id, out var token) && token.Token.Tenant == tenant && _tokens.Remove(id));
        }
    }

    public Task<IReadOnlyList<StoredHoneyToken>> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<StoredHoneyToken>>([.. _tokens.Values]);
        }
    }

    public Task AddTriggerAsync(HoneyTrigger trigger, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _triggers.Add(trigger);
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<HoneyTrigger>> ListTriggersAsync(string tenant, string? principal, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<HoneyTrigger>>(
            [
                .. _triggers.Where(one => one.Tenant == tenant && (principal is null || one.Principal == principal))
                    .OrderByDescending(one => one.At).ThenByDescending(one => one.Id, StringComparer.Ordinal).Take(limit),
            ]);
        }
    }

    public Task<int> ClearAsync(string tenant, string principal, DateTimeOffset at, string by, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var cleared = 0;
            for (var i = 0; i < _triggers.Count; i++)
            {
                if (_triggers[i] is { ClearedAt: null } one && one.Tenant == tenant && one.Principal == principal)
                {
                    _triggers[i] = one with { ClearedAt = at, ClearedBy = by };
                    cleared++;
                }
            }

            return Task.FromResult(cleared);
        }
    }

    public Task<IReadOnlyList<HoneyStanding>> ReadStandingsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<HoneyStanding>>(
            [
                .. _triggers.Where(one => one.ClearedAt is null).GroupBy(one => (one.Tenant, one.Principal))
                    .Select(group => new HoneyStanding(group.Key.Tenant, group.Key.Principal, group.Max(one => one.Severity))),
            ]);
        }
    }
}
