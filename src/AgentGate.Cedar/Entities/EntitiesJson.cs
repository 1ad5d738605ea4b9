using System.Buffers;
using System.Text.Json;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

namespace AgentGate.Cedar.Entities;

/// <summary>Entities and contexts in Cedar's JSON formats. Thread-safe.</summary>
/// <remarks>An object that has a name twice is refused, and so is every number that is no integer of 64 bits: both read differently elsewhere.</remarks>
public static class EntitiesJson
{
    /// <summary>Reads an array of entities. With a schema its types guide the reading, every entity is checked against it, and its actions are added.</summary>
    /// <exception cref="EntityDataException">It is not that format, or does not conform.</exception>
    public static EntityStore Parse(ReadOnlySpan<byte> utf8Json, CedarSchema? schema = null) => new EntityJsonReader(ToText(utf8Json), schema).ReadAll();

    /// <summary>Reads a context. With a schema and an action the action's context type guides the reading, and the context conforms to it.</summary>
    /// <exception cref="EntityDataException">It is not that format, or does not conform, or the schema does not declare the action.</exception>
    public static CedarRecord ParseContext(ReadOnlySpan<byte> utf8Json, CedarSchema? schema = null, EntityUid? action = null)
    {
        var text = ToText(utf8Json);
        var root = JsonNode.Parse(text);
        if (schema is null || action is null)
        {
            return new ValueJsonReader(text, null).Read(root) as CedarRecord ?? throw NoRecord(text, root);
        }

        var conformance = new SchemaConformance(schema);
        if (!schema.Actions.TryGetValue(action, out var definition))
        {
            throw new EntityDataException([conformance.UndeclaredAction(action)]);
        }

        return root.Kind == JsonValueKind.Object ? new ValueJsonReader(text, conformance).ReadRecord(root, definition.Context) : throw NoRecord(text, root);
    }

    /// <summary>Writes a store as an array of entities, UTF-8, with explicit <c>__entity</c> and <c>__extn</c>.</summary>
    /// <exception cref="EntityDataException">A record inside has a name that the format reserves, or a value is nested too deep to be read back.</exception>
    public static byte[] Write(EntityStore entities)
    {
        ArgumentNullException.ThrowIfNull(entities);
        return Write(writer =>
        {
            writer.WriteStartArray();
            foreach (var entity in entities)
            {
                writer.WriteStartObject();
                writer.WritePropertyName("uid");
                ValueJsonWriter.WriteUid(writer, entity.Uid);
                writer.WritePropertyName("attrs");
                ValueJsonWriter.WriteFields(writer, entity.Attributes);
                writer.WriteStartArray("parents");
                foreach (var parent in entity.Parents)
                {
                    ValueJsonWriter.WriteUid(writer, parent);
                }

                writer.WriteEndArray();
                if (entity.Tags.Count > 0)
                {
                    writer.WritePropertyName("tags");
                    ValueJsonWriter.WriteFields(writer, entity.Tags);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    /// <summary>Writes a record, for example a context, UTF-8.</summary>
    /// <exception cref="EntityDataException">A record has a name that the format reserves, or a value is nested too deep to be read back.</exception>
    public static byte[] WriteContext(CedarRecord context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Write(writer => ValueJsonWriter.Write(writer, context));
    }

    private static JsonText ToText(ReadOnlySpan<byte> utf8Json) => new(utf8Json.ToArray(), static diagnostic => new EntityDataException([diagnostic]));

    private static CedarException NoRecord(JsonText text, JsonNode root) => text.Error(root.Offset, "the context is no record", "write an object of attributes");

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
