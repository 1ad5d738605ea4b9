using System.Globalization;
using System.Text.Json;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Entities;

/// <summary>Writes values in Cedar's JSON format, so that they read back the same without a schema.</summary>
internal static class ValueJsonWriter
{
    /// <summary>Writes a value.</summary>
    /// <exception cref="EntityDataException">A record has a name that reads as an escape, or the value is nested too deep.</exception>
    public static void Write(Utf8JsonWriter writer, CedarValue value)
    {
        if (writer.CurrentDepth >= CedarLimits.MaxJsonDepth - 4)
        {
            throw Error($"the value is nested deeper than the JSON format is read, {CedarLimits.MaxJsonDepth}");
        }

        switch (value)
        {
            case CedarBool boolean:
                writer.WriteBooleanValue(boolean.Value);
                break;
            case CedarLong number:
                writer.WriteNumberValue(number.Value);
                break;
            case CedarString text:
                writer.WriteStringValue(text.Value);
                break;
            case EntityUid uid:
                writer.WriteStartObject();
                writer.WritePropertyName("__entity");
                WriteUid(writer, uid);
                writer.WriteEndObject();
                break;
            case CedarSet set:
                writer.WriteStartArray();
                foreach (var element in set.Elements)
                {
                    Write(writer, element);
                }

                writer.WriteEndArray();
                break;
            case CedarRecord record:
                CheckNames(record);
                WriteFields(writer, record);
                break;
            default:
                WriteExtension(writer, value);
                break;
        }
    }

    /// <summary>Writes the name of an entity: <c>{"type", "id"}</c>.</summary>
    public static void WriteUid(Utf8JsonWriter writer, EntityUid uid)
    {
        writer.WriteStartObject();
        writer.WriteString("type", uid.Type.Text);
        writer.WriteString("id", uid.Id);
        writer.WriteEndObject();
    }

    /// <summary>Writes an object of values; where it stands it cannot be mistaken for an escape.</summary>
    public static void WriteFields(Utf8JsonWriter writer, CedarRecord fields)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in fields)
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }

        writer.WriteEndObject();
    }

    private static void CheckNames(CedarRecord record)
    {
        foreach (var (name, _) in record)
        {
            if (name is "__entity" or "__extn" or "__expr")
            {
                throw Error($"a record has the name `{name}`, which the JSON format reserves");
            }
        }
    }

    private static void WriteExtension(Utf8JsonWriter writer, CedarValue value)
    {
        if (value is CedarDatetime datetime && datetime.ToArgument() is null)
        {
            // Outside the years the constructor reads, a datetime is an offset from the first of them.
            writer.WriteStartObject();
            writer.WriteStartObject("__extn");
            writer.WriteString("fn", "offset");
            writer.WriteStartArray("args");
            Write(writer, new CedarDatetime(0));
            Write(writer, new CedarDuration(datetime.Milliseconds));
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
            return;
        }

        var (function, argument) = value switch
        {
            CedarIpAddress address => ("ip", address.ToArgument()),
            CedarDecimal number => ("decimal", number.ToArgument()),
            CedarDatetime time => ("datetime", time.ToArgument()!),
            CedarDuration duration => ("duration", string.Create(CultureInfo.InvariantCulture, $"{duration.Milliseconds}ms")),
            _ => throw new InvalidOperationException("The set of values is closed."),
        };
        writer.WriteStartObject();
        writer.WriteStartObject("__extn");
        writer.WriteString("fn", function);
        writer.WriteString("arg", argument);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static EntityDataException Error(string message) => new([new CedarDiagnostic(message)]);
}
