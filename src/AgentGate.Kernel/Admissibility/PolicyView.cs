using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Kernel.Admissibility;

/// <summary>What the theorem must know of a policy set beside its answers, worked out once per set and kept as long as it lives. Immutable, thread-safe.</summary>
internal sealed class PolicyView
{
    private static readonly ConditionalWeakTable<Authorizer, PolicyView> Views = [];

    private readonly PolicySet _policies;
    private readonly FrozenDictionary<string, ImmutableArray<string>> _obligations;
    private readonly Lazy<Authorizer> _permits;

    private PolicyView(Authorizer authorizer)
    {
        _policies = authorizer.Policies;
        Forbids = _policies.Policies.Count(static policy => policy.Effect == PolicyEffect.Forbid);
        _obligations = _policies.Policies
            .Where(static policy => policy.Effect == PolicyEffect.Permit && policy.Annotation(Obligations.Annotation) is not null)
            .ToFrozenDictionary(static policy => policy.Id, static policy => Words(policy.Annotation(Obligations.Annotation)!), StringComparer.Ordinal);
        _permits = new(() => Authorizer.Create(
            PolicySet.Empty.AddRange(_policies.Policies.Where(static policy => policy.Effect == PolicyEffect.Permit))));
    }

    /// <summary>How many forbids the set has; templates do not count.</summary>
    public int Forbids { get; }

    /// <summary>The permits alone: an answer that a forbid decided does not say which permits were satisfied.</summary>
    public Authorizer Permits => _permits.Value;

    public static PolicyView Of(Authorizer authorizer) => Views.GetValue(authorizer, static key => new PolicyView(key));

    /// <summary>Whether a policy that could not be evaluated forbids. One that is not known would.</summary>
    public bool IsForbid(string id) => !_policies.TryGet(id, out var policy) || policy.Effect == PolicyEffect.Forbid;

    /// <summary>What a permit demands; mostly nothing.</summary>
    public ImmutableArray<string> ObligationsOf(string id)
        => _obligations.Count > 0 && _obligations.TryGetValue(id, out var words) ? words : [];

    private static ImmutableArray<string> Words(string annotation)
        => [.. annotation.Split(',').Select(static word => word.Trim(' ')).Where(static word => word.Length > 0).Distinct(StringComparer.Ordinal)];
}
