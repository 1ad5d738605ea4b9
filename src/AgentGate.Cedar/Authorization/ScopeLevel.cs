using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Authorization;

/// <summary>One level of the index: what one part of the scope says, and what follows for those it admits.</summary>
/// <typeparam name="TNext">The next level.</typeparam>
internal sealed class ScopeLevel<TNext>
    where TNext : class, new()
{
    private TNext? _any;
    private Dictionary<EntityUid, TNext>? _equal;
    private Dictionary<EntityUid, TNext>? _within;
    private Dictionary<EntityTypeName, TNext>? _type;

    /// <summary>Where a policy with this constraint goes on. The type of <c>is … in</c> is left to the scope check.</summary>
    public TNext For(ScopeConstraint constraint) => constraint switch
    {
        ScopeConstraint.Equal { Entity: { } entity } => Get(ref _equal, entity),
        ScopeConstraint.In { Entity: { } group } => Get(ref _within, group),
        ScopeConstraint.IsIn { Entity: { } group } => Get(ref _within, group),
        ScopeConstraint.Is isType => Get(ref _type, isType.Type),
        _ => _any ??= new TNext(),
    };

    /// <summary>Where a policy with this constraint goes on: one place per action of a list.</summary>
    public IEnumerable<TNext> For(ActionConstraint constraint) => constraint switch
    {
        ActionConstraint.Equal equal => [Get(ref _equal, equal.Action)],
        ActionConstraint.In within => within.Actions.Distinct().Select(group => Get(ref _within, group)),
        _ => [_any ??= new TNext()],
    };

    /// <summary>Collects the next levels of everything that admits an entity. Each comes once.</summary>
    public void Collect(EntityUid uid, EntityNode? node, ref Matches<TNext> matches)
    {
        if (_any is not null)
        {
            matches.Add(_any);
        }

        if (_equal is not null && _equal.TryGetValue(uid, out var equal))
        {
            matches.Add(equal);
        }

        if (_type is not null && _type.TryGetValue(uid.Type, out var type))
        {
            matches.Add(type);
        }

        if (_within is not null)
        {
            CollectGroups(_within, uid, node, ref matches);
        }
    }

    private static void CollectGroups(Dictionary<EntityUid, TNext> groups, EntityUid uid, EntityNode? node, ref Matches<TNext> matches)
    {
        if (groups.TryGetValue(uid, out var self))
        {
            matches.Add(self);
        }

        if (node is null)
        {
            return;
        }

        // Whichever is shorter: an entity may be in thousands of groups, policies may name thousands.
        if (node.Ancestors.Length <= groups.Count)
        {
            foreach (var ancestor in node.Ancestors)
            {
                if (groups.TryGetValue(ancestor, out var next))
                {
                    matches.Add(next);
                }
            }
        }
        else
        {
            foreach (var (group, next) in groups)
            {
                if (node.HasAncestor(group))
                {
                    matches.Add(next);
                }
            }
        }
    }

    private static TNext Get<TKey>(ref Dictionary<TKey, TNext>? map, TKey key)
        where TKey : notnull
    {
        map ??= [];
        if (!map.TryGetValue(key, out var next))
        {
            next = new TNext();
            map.Add(key, next);
        }

        return next;
    }
}
