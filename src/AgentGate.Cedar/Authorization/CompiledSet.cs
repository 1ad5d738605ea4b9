using AgentGate.Cedar.Evaluation;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Authorization;

/// <summary>
/// The compiled policies of a set behind an index, and behind a second small one what was added since. Changing a few policies of many
/// compiles and indexes the few; the others are looked up by id, once each. Immutable, thread-safe.
/// </summary>
internal sealed class CompiledSet
{
    /// <summary>Above this many changes the index is built anew.</summary>
    private const int MaxChanges = 256;

    private readonly Dictionary<string, CompiledPolicy> _base;
    private readonly PolicyIndex _index;
    private readonly List<CompiledPolicy> _added;
    private readonly PolicyIndex _addedIndex;
    private readonly HashSet<string> _removed;

    private CompiledSet(Dictionary<string, CompiledPolicy> based, PolicyIndex index, List<CompiledPolicy> added, HashSet<string> removed)
    {
        (_base, _index, _added, _removed) = (based, index, added, removed);
        _addedIndex = new PolicyIndex(added);
    }

    public static CompiledSet Create(IReadOnlyList<Policy> policies) => Create(policies, static _ => null);

    public void Collect(in EvaluationFrame frame, AuthorizationScratch scratch, ref Matches<CompiledPolicy> found)
    {
        _index.Collect(frame, scratch, ref found);
        if (_removed.Count > 0)
        {
            var kept = 0;
            foreach (var policy in found.Items)
            {
                if (!_removed.Contains(policy.Source.Id))
                {
                    found.Items[kept++] = policy;
                }
            }

            found.Truncate(kept);
        }

        _addedIndex.Collect(frame, scratch, ref found);
    }

    /// <summary>Every policy in the order of the set.</summary>
    public CompiledPolicy[] All()
        => [.. _base.Values.Where(policy => !_removed.Contains(policy.Source.Id)).Concat(_added).OrderBy(static policy => policy.Order)];

    /// <summary>The set with one policy more, behind all others. Costs what was added since the index was built, not what is in it.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="policies">All policies with it, for the time the index is built anew.</param>
    public CompiledSet Add(Policy policy, PolicySet policies)
        => _added.Count == MaxChanges
            ? Change(policies)
            : new CompiledSet(_base, _index, [.. _added, new CompiledPolicy(policy, NextOrder())], _removed);

    /// <summary>The set without a policy. Costs what was changed since the index was built, not what is in it.</summary>
    /// <param name="id">The policy.</param>
    /// <param name="policies">All policies without it, for the time the index is built anew.</param>
    public CompiledSet Remove(string id, PolicySet policies)
        => _added.Exists(policy => policy.Source.Id == id)
            ? new CompiledSet(_base, _index, [.. _added.Where(policy => policy.Source.Id != id)], _removed)
            : _removed.Count == MaxChanges ? Change(policies) : new CompiledSet(_base, _index, _added, new(_removed, StringComparer.Ordinal) { id });

    /// <summary>The set for these policies. What is known stays compiled; new policies stand behind all others, or the order is built anew.</summary>
    public CompiledSet Change(PolicySet policies)
    {
        var recent = _added.ToDictionary(static policy => policy.Source.Id, StringComparer.Ordinal);
        var removed = new HashSet<string>(_base.Keys, StringComparer.Ordinal);
        var added = new List<CompiledPolicy>();
        var last = -1;
        foreach (var policy in policies.Policies)
        {
            var known = Known(policy);
            if (known is null)
            {
                last = Math.Max(last + 1, NextOrder());
                added.Add(new CompiledPolicy(policy, last));
            }
            else if (known.Order < last)
            {
                return Create(policies.Policies, Known);
            }
            else
            {
                last = known.Order;
                if (ReferenceEquals(_base.GetValueOrDefault(policy.Id), known))
                {
                    removed.Remove(policy.Id);
                }
                else
                {
                    added.Add(known);
                }
            }
        }

        return added.Count > MaxChanges || removed.Count > MaxChanges
            ? Create(policies.Policies, Known)
            : new CompiledSet(_base, _index, added, removed);

        CompiledPolicy? Known(Policy policy)
            => (recent.TryGetValue(policy.Id, out var found) || (_base.TryGetValue(policy.Id, out found) && !_removed.Contains(policy.Id)))
                && ReferenceEquals(found.Source, policy)
                    ? found
                    : null;
    }

    private int NextOrder() => _added.Count == 0 ? _base.Count : _added[^1].Order + 1;

    private static CompiledSet Create(IReadOnlyList<Policy> policies, Func<Policy, CompiledPolicy?> known)
    {
        var compiled = new Dictionary<string, CompiledPolicy>(policies.Count, StringComparer.Ordinal);
        foreach (var policy in policies)
        {
            compiled.Add(policy.Id, known(policy)?.At(compiled.Count) ?? new CompiledPolicy(policy, compiled.Count));
        }

        return new CompiledSet(compiled, new PolicyIndex(compiled.Values), [], new HashSet<string>(StringComparer.Ordinal));
    }
}
