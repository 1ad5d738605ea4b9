using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Traces;

/// <summary>The newest traces of one process, over all tenants. Thread-safe.</summary>
internal sealed class InMemoryTraceStore(int capacity) : ITraceStore
{
    private readonly Lock _lock = new();
    private readonly LinkedList<CallTrace> _newestFirst = [];
    private readonly Dictionary<(string Tenant, string CallId), LinkedListNode<CallTrace>> _byCall = [];

    /// <summary>Takes a trace; one with the same call id is replaced.</summary>
    public void Add(CallTrace trace)
    {
        lock (_lock)
        {
            var key = (trace.Tenant, trace.CallId);
            if (_byCall.TryGetValue(key, out var before))
            {
                _newestFirst.Remove(before);
            }

            _byCall[key] = _newestFirst.AddFirst(trace);
            if (_newestFirst.Count > capacity && _newestFirst.Last is { } oldest)
            {
                _newestFirst.Remove(oldest);
                _byCall.Remove((oldest.Value.Tenant, oldest.Value.CallId));
            }
        }
    }

    public ValueTask<IReadOnlyList<CallTrace>> ListAsync(TraceQuery query, CancellationToken cancellationToken)
        => new([.. Of(query.Tenant).Where(t => Matches(t, query)).Skip(query.Offset).Take(query.Limit)]);

    public ValueTask<CallTrace?> FindAsync(string tenant, string callId, CancellationToken cancellationToken)
        => new(Of(tenant).FirstOrDefault(t => t.CallId == callId));

    public ValueTask<CallTrace?> LatestAsync(string tenant, CancellationToken cancellationToken)
        => new(Of(tenant).FirstOrDefault());

    private static bool Matches(CallTrace trace, TraceQuery query)
        => (query.Status is null || TraceStatus.Of(trace) == query.Status)
            && (query.Decision is null || LogEntryWords.Of(trace.Decision) == query.Decision)
            && (query.Action is null || trace.Action == query.Action)
            && (query.Resource is null || trace.Resource.Id == query.Resource)
            && (query.Principal is null || trace.Principal == query.Principal)
            && (query.Door is null || trace.Door == query.Door)
            && (query.Since is null || trace.StartedAt >= query.Since);

    private CallTrace[] Of(string tenant)
    {
        lock (_lock)
        {
            return [.. _newestFirst.Where(t => t.Tenant == tenant)];
        }
    }
}
