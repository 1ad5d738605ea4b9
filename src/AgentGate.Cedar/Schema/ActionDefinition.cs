using System.Collections.Immutable;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Schema;

/// <summary>What a schema says of an action. Immutable.</summary>
public sealed class ActionDefinition
{
    /// <summary>The action.</summary>
    public required EntityUid Uid { get; init; }

    /// <summary>The types of principal it applies to.</summary>
    public ImmutableSortedSet<EntityTypeName> PrincipalTypes { get; init; } = [];

    /// <summary>The types of resource it applies to.</summary>
    public ImmutableSortedSet<EntityTypeName> ResourceTypes { get; init; } = [];

    /// <summary>The type of its context.</summary>
    public required CedarType.RecordType Context { get; init; }

    /// <summary>The groups of actions it is directly in.</summary>
    public ImmutableHashSet<EntityUid> Parents { get; init; } = [];

    /// <summary>The groups of actions it is in, directly or through others.</summary>
    public ImmutableHashSet<EntityUid> Ancestors { get; init; } = [];
}
