using AgentGate.Cedar.Schema;

namespace AgentGate.Cedar.Entities;

/// <summary>Entities and contexts in Cedar's JSON formats. Thread-safe.</summary>
public static class EntitiesJson
{
    /// <summary>Reads an array of entities. With a schema its types guide the reading, every entity is checked against it, and its actions are added.</summary>
    /// <exception cref="EntityDataException">It is not that format, or does not conform.</exception>
    public static EntityStore Parse(ReadOnlySpan<byte> utf8Json, CedarSchema? schema = null) => throw new NotImplementedException();

    /// <summary>Reads a context. With a schema and an action the action's context type guides the reading.</summary>
    /// <exception cref="EntityDataException">It is not that format, or does not conform.</exception>
    public static CedarRecord ParseContext(ReadOnlySpan<byte> utf8Json, CedarSchema? schema = null, EntityUid? action = null)
        => throw new NotImplementedException();

    /// <summary>Writes a store as an array of entities, UTF-8, with explicit <c>__entity</c> and <c>__extn</c>.</summary>
    public static byte[] Write(EntityStore entities) => throw new NotImplementedException();

    /// <summary>Writes a record, for example a context, UTF-8.</summary>
    public static byte[] WriteContext(CedarRecord context) => throw new NotImplementedException();
}
