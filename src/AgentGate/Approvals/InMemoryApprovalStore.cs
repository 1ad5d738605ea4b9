namespace AgentGate.Approvals;

/// <summary>Approvals in the memory of one process: they end with it. Thread-safe.</summary>
internal sealed class InMemoryApprovalStore : IApprovalStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Tenant, string Id), Approval> _approvals = [];

    public Task<bool> AddAsync(Approval approval, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(Live(approval.Tenant, approval.CallDigest) is null && _approvals.TryAdd((approval.Tenant, approval.Id), approval));
        }
    }

    public Task<Approval?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_approvals.GetValueOrDefault((tenant, id)));
        }
    }

    public Task<Approval?> FindLiveAsync(string tenant, string callDigest, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(Live(tenant, callDigest));
        }
    }

    public Task<bool> UpdateAsync(Approval approval, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var key = (approval.Tenant, approval.Id);
            if (!_approvals.TryGetValue(key, out var there) || there.Version != approval.Version)
            {
                return Task.FromResult(false);
            }

            _approvals[key] = approval with { Version = approval.Version + 1 };
            return Task.FromResult(true);
        }
    }

    public Task<ApprovalPage> ListAsync(string tenant, ApprovalQuery query, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var all = _approvals.Values
                .Where(one => one.Tenant == tenant
                    && (query.Status is null || one.Status == query.Status)
                    && (query.Tool is null || one.Resource.Id == query.Tool)
                    && (query.Principal is null || one.Principal == query.Principal))
                .OrderByDescending(static one => one.CreatedAt).ThenByDescending(static one => one.Id, StringComparer.Ordinal).ToList();
            return Task.FromResult(new ApprovalPage([.. all.Skip(query.Offset).Take(query.Limit)], all.Count));
        }
    }

    public Task<IReadOnlyList<Approval>> DueAsync(DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<Approval>>(
                [.. _approvals.Values.Where(one => (one.IsLive && one.ExpiresAt <= now) || !one.IsRecorded).OrderBy(static one => one.ExpiresAt).Take(most)]);
        }
    }

    public Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var ended in _approvals.Where(pair => !pair.Value.IsLive && pair.Value.IsRecorded && pair.Value.ExpiresAt < before).Select(static pair => pair.Key).ToList())
            {
                _approvals.Remove(ended);
            }
        }

        return Task.CompletedTask;
    }

    private Approval? Live(string tenant, string callDigest)
        => _approvals.Values.FirstOrDefault(one => one.IsLive && one.Tenant == tenant && one.CallDigest == callDigest);
}
