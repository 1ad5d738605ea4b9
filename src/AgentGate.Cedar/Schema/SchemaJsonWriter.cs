using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <summary>Writes declarations in the JSON schema format. What reads it back means the same.</summary>
internal sealed class SchemaJsonWriter
{
    private readonly Utf8JsonWriter _json;

    private SchemaJsonWriter(Utf8JsonWriter json) => _json = json;

    /// <summary>The schema as UTF-8 JSON, indented.</summary>
    public static byte[] Write(SchemaSyntax schema)
    {
        var buffer = new ArrayBufferWriter<byte>();

        // A type as deep as types may be takes more levels in JSON than the reader lets through; written it is nevertheless.
        var options = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 4 * CedarLimits.MaxDepth };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            foreach (var space in schema.Namespaces)
            {
                new SchemaJsonWriter(json).Write(space);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void Write(NamespaceSyntax space)
    {
        _json.WriteStartObject(space.Name);
        WriteAnnotations(space.Annotations);
        if (!space.CommonTypes.IsEmpty)
        {
            _json.WriteStartObject("commonTypes");
            foreach (var common in space.CommonTypes)
            {
                _json.WriteStartObject(common.Name.Text);
                WriteTypeMembers(common.Type);
                WriteAnnotations(common.Annotations);
                _json.WriteEndObject();
            }

            _json.WriteEndObject();
        }

        _json.WriteStartObject("entityTypes");
        foreach (var (entity, name) in space.Entities.SelectMany(entity => entity.Names.Select(name => (entity, name))))
        {
            _json.WritePropertyName(name.Text);
            Write(entity);
        }

        _json.WriteEndObject();
        _json.WriteStartObject("actions");
        foreach (var (action, name) in space.Actions.SelectMany(action => action.Names.Select(name => (action, name))))
        {
            _json.WritePropertyName(name.Text);
            Write(action);
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void Write(EntitySyntax entity)
    {
        _json.WriteStartObject();
        if (!entity.EnumIds.IsDefault)
        {
            WriteStrings("enum", entity.EnumIds);
        }

        if (!entity.MemberOf.IsEmpty)
        {
            WriteStrings("memberOfTypes", entity.MemberOf.Select(parent => parent.Text));
        }

        WriteType("shape", entity.Shape);
        WriteType("tags", entity.Tags);
        WriteAnnotations(entity.Annotations);
        _json.WriteEndObject();
    }

    private void Write(ActionSyntax action)
    {
        _json.WriteStartObject();
        if (!action.MemberOf.IsEmpty)
        {
            _json.WriteStartArray("memberOf");
            foreach (var parent in action.MemberOf)
            {
                _json.WriteStartObject();
                _json.WriteString("id", parent.Id);
                if (parent.Type is not null)
                {
                    _json.WriteString("type", parent.Type);
                }

                _json.WriteEndObject();
            }

            _json.WriteEndArray();
        }

        if (action.AppliesTo is { } appliesTo)
        {
            _json.WriteStartObject("appliesTo");
            WriteStrings("principalTypes", appliesTo.Principals.Select(type => type.Text));
            WriteStrings("resourceTypes", appliesTo.Resources.Select(type => type.Text));
            WriteType("context", appliesTo.Context);
            _json.WriteEndObject();
        }

        WriteAnnotations(action.Annotations);
        _json.WriteEndObject();
    }

    private void WriteType(string name, TypeSyntax? type)
    {
        if (type is not null)
        {
            _json.WriteStartObject(name);
            WriteTypeMembers(type);
            _json.WriteEndObject();
        }
    }

    private void WriteTypeMembers(TypeSyntax type)
    {
        switch (type)
        {
            case TypeSyntax.Primitive primitive:
                _json.WriteString("type", primitive.Type == CedarType.Bool ? "Boolean" : primitive.Type == CedarType.Long ? "Long" : "String");
                break;
            case TypeSyntax.Extension extension:
                WriteNamed("Extension", extension.Name);
                break;
            case TypeSyntax.Reference { Kind: ReferenceKind.Entity } entity:
                WriteNamed("Entity", entity.Name);
                break;
            case TypeSyntax.Reference { Kind: ReferenceKind.Common, Name: not "EntityOrCommon" } common:
                _json.WriteString("type", common.Name);
                break;
            case TypeSyntax.Reference reference:
                WriteNamed("EntityOrCommon", reference.Name);
                break;
            case TypeSyntax.Set set:
                _json.WriteString("type", "Set");
                WriteType("element", set.Element);
                break;
            case TypeSyntax.Record record:
                WriteRecord(record);
                break;
        }
    }

    private void WriteRecord(TypeSyntax.Record record)
    {
        _json.WriteString("type", "Record");
        _json.WriteStartObject("attributes");

        // Of an attribute that is declared twice the last counts, and JSON has no place for the first.
        foreach (var attribute in record.Attributes.Reverse().DistinctBy(attribute => attribute.Name, StringComparer.Ordinal).Reverse())
        {
            _json.WriteStartObject(attribute.Name);
            WriteTypeMembers(attribute.Type);
            if (!attribute.IsRequired)
            {
                _json.WriteBoolean("required", false);
            }

            WriteAnnotations(attribute.Annotations);
            _json.WriteEndObject();
        }

        _json.WriteEndObject();
    }

    private void WriteNamed(string type, string name)
    {
        _json.WriteString("type", type);
        _json.WriteString("name", name);
    }

    private void WriteStrings(string name, IEnumerable<string> values)
    {
        _json.WriteStartArray(name);
        foreach (var value in values)
        {
            _json.WriteStringValue(value);
        }

        _json.WriteEndArray();
    }

    private void WriteAnnotations(ImmutableArray<PolicyAnnotation> annotations)
    {
        if (annotations.IsEmpty)
        {
            return;
        }

        _json.WriteStartObject("annotations");
        foreach (var annotation in annotations)
        {
            _json.WriteString(annotation.Name, annotation.Value);
        }

        _json.WriteEndObject();
    }
}
