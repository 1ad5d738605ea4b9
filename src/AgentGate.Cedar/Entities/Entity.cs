using System.Collections.Immutable;

namespace AgentGate.Cedar.Entities;

/// <summary>An entity: its attributes, its tags and the entities it is directly in. Immutable.</summary>
/// <param name="Uid">Its name.</param>
public sealed record Entity(EntityUid Uid)
{
    /// <summary>The attributes.</summary>
    public CedarRecord Attributes { get; init; } = CedarRecord.Empty;

    /// <summary>The tags: names that are data, not schema.</summary>
    public CedarRecord Tags { get; init; } = CedarRecord.Empty;

    /// <summary>The entities it is directly in. Further ancestors follow from these.</summary>
    public ImmutableArray<EntityUid> Parents { get; init => field = value.IsDefault ? [] : value; } = [];
}
