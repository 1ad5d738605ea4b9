using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Entities;

/// <summary>Works out what every entity is in. Without recursion: how deep a hierarchy goes is up to whoever wrote the entities.</summary>
internal sealed class EntityClosure
{
    private readonly EntityStore? _below;
    private readonly Dictionary<EntityUid, Entity> _entities = [];
    private readonly Dictionary<EntityUid, EntityNode> _nodes = [];
    private readonly HashSet<EntityUid> _open = [];
    private readonly Stack<EntityUid> _work = [];
    private long _ancestors;

    private EntityClosure(EntityStore? below) => _below = below;

    /// <summary>The nodes of these entities. What is <paramref name="below"/> keeps its own nodes and must not be in any of them.</summary>
    public static Dictionary<EntityUid, EntityNode> Build(IEnumerable<Entity> entities, EntityStore? below = null)
    {
        var closure = new EntityClosure(below);
        foreach (var entity in entities)
        {
            closure.Add(entity);
        }

        foreach (var uid in closure._entities.Keys)
        {
            closure.Close(uid);
        }

        return closure._nodes;
    }

    private void Add(Entity entity)
    {
        if (!_entities.TryAdd(entity.Uid, entity) && !IsSame(_entities[entity.Uid], entity))
        {
            throw Wrong($"the entity `{entity.Uid}` occurs twice with different content");
        }
    }

    private static bool IsSame(Entity left, Entity right)
        => left.Attributes.Equals(right.Attributes) && left.Tags.Equals(right.Tags) && left.Parents.ToHashSet().SetEquals(right.Parents);

    private void Close(EntityUid start)
    {
        _work.Push(start);
        while (_work.TryPeek(out var uid))
        {
            if (_nodes.ContainsKey(uid))
            {
                _work.Pop();
                continue;
            }

            var entity = _entities[uid];
            if (_open.Add(uid))
            {
                // First visit: everything above has to be closed before.
                foreach (var parent in entity.Parents)
                {
                    if (_open.Contains(parent) || parent.Equals(uid))
                    {
                        throw Wrong($"the entity `{uid}` is in itself, through `{parent}`");
                    }

                    if (_entities.ContainsKey(parent) && !_nodes.ContainsKey(parent))
                    {
                        _work.Push(parent);
                    }
                }

                continue;
            }

            _work.Pop();
            _open.Remove(uid);
            _nodes.Add(uid, new EntityNode(entity, AncestorsOf(entity)));
        }
    }

    private EntityUid[] AncestorsOf(Entity entity)
    {
        if (entity.Parents.IsDefaultOrEmpty)
        {
            return [];
        }

        var ancestors = new HashSet<EntityUid>();
        foreach (var parent in entity.Parents)
        {
            ancestors.Add(parent);
            if ((_nodes.GetValueOrDefault(parent) ?? _below?.Find(parent)) is { } node)
            {
                ancestors.UnionWith(node.Ancestors);
            }
        }

        _ancestors += ancestors.Count;
        return _ancestors <= CedarLimits.MaxAncestors
            ? [.. ancestors]
            : throw Wrong($"the entities have more than {CedarLimits.MaxAncestors} ancestors altogether");
    }

    private static EntityDataException Wrong(string message) => new([new CedarDiagnostic(message)]);
}
