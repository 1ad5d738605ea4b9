using System.Collections.Concurrent;
using AgentGate.Pipeline;

namespace AgentGate.Approvals;

/// <summary>
/// Wakes who waits for an approval: at once where it was decided in this process, and as soon as the store tells of changes where another
/// process decided. Who wakes reads the store; a signal says nothing by itself. Thread-safe.
/// </summary>
internal sealed class ApprovalSignals : IFollowChanges
{
    private readonly ConcurrentDictionary<(string Tenant, string Id), TaskCompletionSource> _waiting = new();

    public string Topic => ChangeTopics.Approvals;

    /// <summary>Completes when the approval may have changed. Taken before the approval is read, so that no change is missed.</summary>
    public Task Changed(string tenant, string id)
        => _waiting.GetOrAdd((tenant, id), static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>An approval changed.</summary>
    public void Tell(string tenant, string id)
    {
        if (_waiting.TryRemove((tenant, id), out var waiting))
        {
            waiting.TrySetResult();
        }
    }

    /// <summary>Something changed in another process: everybody looks.</summary>
    public Task ReloadAsync(CancellationToken cancellationToken)
    {
        foreach (var (tenant, id) in _waiting.Keys)
        {
            Tell(tenant, id);
        }

        return Task.CompletedTask;
    }
}
