using System.Collections.Immutable;

namespace AgentGate.Cedar.Entities;

/// <summary>An entity inside a store, with everything it is in.</summary>
internal sealed class EntityNode(Entity entity, EntityUid[] ancestors)
{
    /// <summary>Above this size ancestors are looked up, below it compared.</summary>
    private const int LookupFrom = 8;

    private readonly HashSet<EntityUid>? _lookup = ancestors.Length > LookupFrom ? [.. ancestors] : null;

    public Entity Entity { get; } = entity;

    /// <summary>Distinct; the entity itself is not one.</summary>
    public ImmutableArray<EntityUid> Ancestors { get; } = ImmutableArray.Create(ancestors);

    /// <summary>Whether an entity is a group or is in it. Without a node, for one that is not among the entities, only the first can be.</summary>
    public static bool IsIn(EntityUid uid, EntityNode? node, EntityUid group) => uid.Equals(group) || (node?.HasAncestor(group) ?? false);

    public bool HasAncestor(EntityUid uid)
    {
        if (_lookup is not null)
        {
            return _lookup.Contains(uid);
        }

        foreach (var ancestor in Ancestors)
        {
            if (ancestor.Equals(uid))
            {
                return true;
            }
        }

        return false;
    }
}
