using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Entities;

/// <summary>Names one entity: its type and its id, kept apart so that text is never joined into a policy. Immutable, thread-safe.</summary>
public sealed class EntityUid : CedarValue, IEquatable<EntityUid>
{
    private readonly int _hash;

    /// <summary>Names an entity.</summary>
    /// <param name="type">The type.</param>
    /// <param name="id">The id: any Unicode text, also empty.</param>
    /// <exception cref="ArgumentException">The id is not Unicode.</exception>
    public EntityUid(EntityTypeName type, string id)
    {
        ArgumentNullException.ThrowIfNull(type);
        CedarText.Check(id);
        Type = type;
        Id = id;
        _hash = HashCode.Combine(type.GetHashCode(), id.GetHashCode(StringComparison.Ordinal));
    }

    /// <summary>Names an entity by the text of its type.</summary>
    /// <exception cref="FormatException">The type is not a name.</exception>
    /// <exception cref="ArgumentException">The id is not Unicode.</exception>
    public EntityUid(string type, string id)
        : this(EntityTypeName.Parse(type), id)
    {
    }

    /// <summary>The type.</summary>
    public EntityTypeName Type { get; }

    /// <summary>The id.</summary>
    public string Id { get; }

    /// <inheritdoc />
    public override CedarValueKind Kind => CedarValueKind.Entity;

    /// <inheritdoc />
    public bool Equals(EntityUid? other)
        => ReferenceEquals(this, other)
            || (other is not null && _hash == other._hash && string.Equals(Id, other.Id, StringComparison.Ordinal) && Type.Equals(other.Type));

    /// <inheritdoc />
    public override bool Equals(CedarValue? other) => Equals(other as EntityUid);

    /// <inheritdoc />
    public override int GetHashCode() => _hash;

    /// <summary>The entity in Cedar syntax: <c>Type::"id"</c>.</summary>
    public override string ToString() => $"{Type.Text}::{CedarText.Quote(Id)}";
}
