using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace AgentGate.Cedar.Entities;

/// <summary>The entities a request is judged with, their ancestors worked out once. Immutable, thread-safe; enumerates in the order of addition.</summary>
public sealed class EntityStore : IReadOnlyCollection<Entity>
{
    private readonly Dictionary<EntityUid, EntityNode> _nodes;

    private EntityStore(Dictionary<EntityUid, EntityNode> nodes) => _nodes = nodes;

    /// <summary>No entities.</summary>
    public static EntityStore Empty { get; } = new([]);

    /// <inheritdoc />
    public int Count => _nodes.Count;

    /// <summary>A store of these entities. The same entity may come twice; two different ones of one name may not.</summary>
    /// <exception cref="EntityDataException">Two different entities have one name, the parents form a cycle, or there are more ancestors than <see cref="Syntax.CedarLimits.MaxAncestors"/>.</exception>
    public static EntityStore Create(params IEnumerable<Entity> entities)
    {
        ArgumentNullException.ThrowIfNull(entities);
        return new EntityStore(EntityClosure.Build(entities));
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
    public IEnumerator<Entity> GetEnumerator() => _nodes.Values.Select(static node => node.Entity).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal EntityNode? Find(EntityUid uid) => _nodes.GetValueOrDefault(uid);
}
