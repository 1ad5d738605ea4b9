using System.Collections.Immutable;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Schema;

/// <summary>A schema with every name resolved. Immutable, thread-safe.</summary>
public sealed class CedarSchema
{
    internal CedarSchema(
        ImmutableSortedDictionary<EntityTypeName, EntityTypeDefinition> entityTypes, ImmutableDictionary<EntityUid, ActionDefinition> actions)
    {
        EntityTypes = entityTypes;
        Actions = actions;
    }

    /// <summary>The entity types.</summary>
    public ImmutableSortedDictionary<EntityTypeName, EntityTypeDefinition> EntityTypes { get; }

    /// <summary>The actions.</summary>
    public ImmutableDictionary<EntityUid, ActionDefinition> Actions { get; }

    /// <summary>Reads a schema in Cedar syntax.</summary>
    /// <exception cref="SchemaException">It does not parse, or a name does not resolve.</exception>
    public static CedarSchema Parse(string text) => throw new NotImplementedException();

    /// <summary>Reads a schema in the JSON format.</summary>
    /// <exception cref="SchemaException">It does not parse, or a name does not resolve.</exception>
    public static CedarSchema ParseJson(ReadOnlySpan<byte> utf8Json) => throw new NotImplementedException();

    /// <summary>The action entities of the schema with their hierarchy, as the entities of a request hold them.</summary>
    public ImmutableArray<Entity> ActionEntities() => throw new NotImplementedException();
}
