using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace AgentGate.Cedar.Entities;

/// <summary>The entities a request is judged with, their ancestors worked out once. Immutable, thread-safe.</summary>
public sealed class EntityStore : IReadOnlyCollection<Entity>
{
    private EntityStore()
    {
    }

    /// <summary>No entities.</summary>
    public static EntityStore Empty { get; } = new();

    /// <inheritdoc />
    public int Count => throw new NotImplementedException();

    /// <summary>A store of these entities.</summary>
    /// <exception cref="EntityDataException">Two different entities have one name, or the parents form a cycle.</exception>
    public static EntityStore Create(params IEnumerable<Entity> entities) => throw new NotImplementedException();

    /// <summary>The entity of this name; <see langword="false"/> when there is none.</summary>
    public bool TryGet(EntityUid uid, [NotNullWhen(true)] out Entity? entity) => throw new NotImplementedException();

    /// <summary>Whether <paramref name="descendant"/> is <paramref name="ancestor"/> or is in it, directly or through others.</summary>
    public bool IsIn(EntityUid descendant, EntityUid ancestor) => throw new NotImplementedException();

    /// <summary>Everything the entity is in, directly or through others, itself not counted.</summary>
    public IReadOnlyCollection<EntityUid> AncestorsOf(EntityUid uid) => throw new NotImplementedException();

    /// <inheritdoc />
    public IEnumerator<Entity> GetEnumerator() => throw new NotImplementedException();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
