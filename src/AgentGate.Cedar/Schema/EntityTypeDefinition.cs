using System.Collections.Immutable;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Schema;

/// <summary>What a schema says of an entity type. Immutable.</summary>
public sealed class EntityTypeDefinition
{
    /// <summary>The name.</summary>
    public required EntityTypeName Name { get; init; }

    /// <summary>The attributes.</summary>
    public required CedarType.RecordType Attributes { get; init; }

    /// <summary>The type of the tags, or <see langword="null"/> when entities of this type have none.</summary>
    public CedarType? Tags { get; init; }

    /// <summary>The ids of an enumerated entity type, or <see langword="null"/>.</summary>
    public ImmutableSortedSet<string>? EnumIds { get; init; }

    /// <summary>The types entities of this type may be directly in.</summary>
    public ImmutableSortedSet<EntityTypeName> Parents { get; init; } = [];

    /// <summary>The types entities of this type may be in, directly or through others. Itself only when a type may nest in itself.</summary>
    public ImmutableSortedSet<EntityTypeName> Ancestors { get; init; } = [];
}
