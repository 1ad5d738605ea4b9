using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace AgentGate.Cedar.Entities;

/// <summary>The entities a request is judged with, their ancestors worked out once. Immutable, thread-safe; enumerates in the order of addition.</summary>
public sealed class EntityStore : IReadOnlyCollection<Entity>
{
    private readonly Dictionary<EntityUid, EntityNode> _nodes;
    private readonly EntityStore? _below;
    private HashSet<EntityUid>? _parents;

    private EntityStore(Dictionary<EntityUid, EntityNode> nodes, EntityStore? below) => (_nodes, _below) = (nodes, below);

    /// <summary>No entities.</summary>
    public static EntityStore Empty { get; } = new([], null);

    /// <inheritdoc />
    public int Count => _nodes.Count + (_below?.Count ?? 0);

    /// <summary>A store of these entities. The same entity may come twice; two different ones of one name may not.</summary>
    /// <exception cref="EntityDataException">Two different entities have one name, the parents form a cycle, or there are more ancestors than <see cref="Syntax.CedarLimits.MaxAncestors"/>.</exception>
    public static EntityStore Create(params IEnumerable<Entity> entities)
    {
        ArgumentNullException.ThrowIfNull(entities);
        return new EntityStore(EntityClosure.Build(entities), null);
    }

    /// <summary>
    /// This store and some entities more, for one request over entities that stay: this one is shared, not copied, and the cost is that of the new ones.
    /// May be called again on the result, as often as one likes.
    /// </summary>
    /// <exception cref="EntityDataException">As for <see cref="Create"/>.</exception>
    public EntityStore With(params IReadOnlyCollection<Entity> entities)
    {
        ArgumentNullException.ThrowIfNull(entities);
        foreach (var entity in entities)
        {
            // One that is known already, or that something below is in: what is below would have to change.
            if (Find(entity.Uid) is not null || IsParent(entity.Uid))
            {
                return Create(this.Concat(entities));
            }
        }

        return entities.Count == 0 ? this : Over(EntityClosure.Build(entities, this));
    }

    /// <summary>The entity of this name; <see langword="false"/> when there is none.</summary>
    public bool TryGet(EntityUid uid, [NotNullWhen(true)] out Entity? entity)
    {
        entity = Find(uid)?.Entity;
        return entity is not null;
    }

    /// <summary>Whether <paramref name="descendant"/> is <paramref name="ancestor"/> or is in it, directly or through others.</summary>
    public bool IsIn(EntityUid descendant, EntityUid ancestor)
    {
        ArgumentNullException.ThrowIfNull(descendant);
        return descendant.Equals(ancestor) || (Find(descendant)?.HasAncestor(ancestor) ?? false);
    }

    /// <summary>Everything the entity is in, directly or through others, itself not counted.</summary>
    public IReadOnlyCollection<EntityUid> AncestorsOf(EntityUid uid) => Find(uid)?.Ancestors ?? [];

    /// <inheritdoc />
    public IEnumerator<Entity> GetEnumerator()
        => (_below ?? Enumerable.Empty<Entity>()).Concat(_nodes.Values.Select(static node => node.Entity)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal EntityNode? Find(EntityUid uid) => _nodes.TryGetValue(uid, out var node) ? node : _below?.Find(uid);

    /// <summary>
    /// New nodes over this store. A layer below that is not much larger is taken into the new one, so that every layer is more than twice the one
    /// above it: however often a store grows, looking something up passes a logarithmic number of layers, and a node is copied as seldom.
    /// </summary>
    private EntityStore Over(Dictionary<EntityUid, EntityNode> nodes)
    {
        EntityStore? below = this;
        while (below is not null && below._nodes.Count <= 2 * nodes.Count)
        {
            // Older ones first: the store enumerates in the order of addition.
            var merged = new Dictionary<EntityUid, EntityNode>(below._nodes.Count + nodes.Count);
            foreach (var (uid, node) in below._nodes.Concat(nodes))
            {
                merged.Add(uid, node);
            }

            (nodes, below) = (merged, below._below);
        }

        return new EntityStore(nodes, below);
    }

    private bool IsParent(EntityUid uid)
    {
        // Worked out once, when somebody first builds on this store; losing a race costs doing it twice.
        _parents ??= [.. _nodes.Values.SelectMany(static node => node.Entity.Parents)];
        return _parents.Contains(uid) || (_below?.IsParent(uid) ?? false);
    }
}
