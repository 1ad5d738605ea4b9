using AgentGate.Cedar.Evaluation;

namespace AgentGate.Cedar.Authorization;

/// <summary>
/// Finds the policies whose scope may admit a request, without looking at the others: by principal, then action, then resource. What it leaves
/// out cannot be satisfied and cannot err, because scopes never err. Immutable once built.
/// </summary>
internal sealed class PolicyIndex
{
    private readonly ScopeLevel<ActionLevel> _principals = new();

    public PolicyIndex(IEnumerable<CompiledPolicy> policies)
    {
        foreach (var policy in policies)
        {
            foreach (var action in _principals.For(policy.Source.Principal).Scopes.For(policy.Source.Action))
            {
                action.Scopes.For(policy.Source.Resource).Policies.Add(policy);
            }

            Count++;
        }
    }

    /// <summary>How many policies it holds.</summary>
    public int Count { get; }

    /// <summary>Collects the candidates. One that lists several actions may come more than once, and each still has to be asked whether it is in scope.</summary>
    public void Collect(in EvaluationFrame frame, AuthorizationScratch scratch, ref Matches<CompiledPolicy> found)
    {
        if (Count == 0)
        {
            return;
        }

        var actions = new Matches<ActionLevel>(scratch.Actions);
        _principals.Collect(frame.Request.Principal, frame.Principal, ref actions);
        var resources = new Matches<ResourceLevel>(scratch.Resources);
        foreach (var level in actions.Items)
        {
            level.Scopes.Collect(frame.Request.Action, frame.Action, ref resources);
        }

        var buckets = new Matches<Bucket>(scratch.Buckets);
        foreach (var level in resources.Items)
        {
            level.Scopes.Collect(frame.Request.Resource, frame.Resource, ref buckets);
        }

        foreach (var bucket in buckets.Items)
        {
            foreach (var policy in bucket.Policies)
            {
                found.Add(policy);
            }
        }

        (scratch.Actions, scratch.Resources, scratch.Buckets) = (actions.Memory, resources.Memory, buckets.Memory);
    }

    /// <summary>Level two: the action.</summary>
    internal sealed class ActionLevel
    {
        public ScopeLevel<ResourceLevel> Scopes { get; } = new();
    }

    /// <summary>Level three: the resource.</summary>
    internal sealed class ResourceLevel
    {
        public ScopeLevel<Bucket> Scopes { get; } = new();
    }

    /// <summary>The policies with one and the same scope, in the order of the set.</summary>
    internal sealed class Bucket
    {
        public List<CompiledPolicy> Policies { get; } = [];
    }
}
