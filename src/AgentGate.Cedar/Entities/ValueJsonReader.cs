using System.Collections.Immutable;
using System.Text.Json;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

namespace AgentGate.Cedar.Entities;

/// <summary>Reads values in Cedar's JSON format, with a type as the schema declares it, or without.</summary>
/// <remarks>With a type, an entity may be written without <c>__entity</c> and an extension value as the text of its constructor; what is read is of that type.</remarks>
/// <param name="text">The document.</param>
/// <param name="conformance">The schema, or <see langword="null"/>.</param>
internal sealed class ValueJsonReader(JsonText text, SchemaConformance? conformance)
{
    private readonly ExtensionJsonReader _extensions = new(text);

    /// <summary>Reads a value without a type.</summary>
    public CedarValue Read(JsonNode node)
    {
        switch (node.Kind)
        {
            case JsonValueKind.True:
                return CedarBool.True;
            case JsonValueKind.False:
                return CedarBool.False;
            case JsonValueKind.String:
                return new CedarString(node.Text);
            case JsonValueKind.Number when node.TryGetLong(out var number):
                return new CedarLong(number);
            case JsonValueKind.Number:
                throw text.Error(node.Offset, "the number is no integer of 64 bits", "write a whole number without point or exponent; for fractions use `decimal`");
            case JsonValueKind.Array:
                return new CedarSet(node.Items.Select(Read));
            case JsonValueKind.Object:
                return ReadObject(node);
            default:
                throw text.Error(node.Offset, "null is no Cedar value", "leave the attribute out");
        }
    }

    /// <summary>Reads a value of a type.</summary>
    public CedarValue Read(JsonNode node, CedarType type)
    {
        var value = (type, node.Kind) switch
        {
            (CedarType.EntityType or CedarType.AnyEntityType, _) => ReadUid(node),
            (CedarType.ExtensionType extension, _) => ReadExtension(node, extension.Kind),
            (CedarType.SetType { Element: { } element }, JsonValueKind.Array) => new CedarSet(node.Items.Select(item => Read(item, element))),
            (CedarType.RecordType record, JsonValueKind.Object) => ReadRecord(node, record),
            _ => Read(node),
        };

        // Elements and attributes were checked where they stand.
        if ((type, value) is not (CedarType.SetType, CedarSet) and not (CedarType.RecordType, CedarRecord))
        {
            ThrowIf(conformance?.CheckValue(value, type, ""), node.Offset);
        }

        return value;
    }

    /// <summary>Reads the name of an entity: <c>{"type", "id"}</c>, or that in <c>__entity</c>. With a schema its id is checked.</summary>
    public EntityUid ReadUid(JsonNode node)
    {
        var inner = node.Kind == JsonValueKind.Object && node["__entity"] is { } escaped ? escaped : node;
        if (inner.Kind != JsonValueKind.Object || inner["type"] is not { Kind: JsonValueKind.String } type || inner["id"] is not { Kind: JsonValueKind.String } id)
        {
            throw text.Error(node.Offset, $"{node.Describe()} stands where an entity is named", "write `{\"type\": \"User\", \"id\": \"alice\"}`");
        }

        return ToUid(type, id);
    }

    /// <summary>Reads a record whose attributes are declared.</summary>
    public CedarRecord ReadRecord(JsonNode node, CedarType.RecordType record)
    {
        foreach (var (name, attribute) in record.Attributes)
        {
            if (attribute.IsRequired && node[name] is null)
            {
                throw text.Error(node.Offset, $"the attribute `{CedarText.Show(name)}` is missing", $"add it, or declare it as `{CedarText.Show(name)}?`");
            }
        }

        return new CedarRecord(node.Members.Select(member => KeyValuePair.Create(member.Name, ReadAttribute(member, record))));
    }

    private CedarValue ReadAttribute(JsonMember member, CedarType.RecordType record)
    {
        if (record.Attributes.TryGetValue(member.Name, out var attribute))
        {
            return Read(member.Value, attribute.Type);
        }

        if (!record.IsOpen)
        {
            ThrowIf(SchemaConformance.Undeclared(member.Name, record), member.Offset);
        }

        return Read(member.Value);
    }

    /// <summary>An object is a record, unless its only member is an escape and has the shape of one.</summary>
    private CedarValue ReadObject(JsonNode node)
    {
        if (node.Members is [var only])
        {
            switch (only.Name)
            {
                case "__entity" when only.Value is { Kind: JsonValueKind.Object } inner
                    && inner["type"] is { Kind: JsonValueKind.String } type && inner["id"] is { Kind: JsonValueKind.String } id:
                    return ToUid(type, id);
                case "__extn" when ExtensionJsonReader.IsCall(only.Value):
                    return ReadCall(only.Value, isTyped: false);
                case "__expr" when only.Value.Kind == JsonValueKind.String:
                    throw text.Error(only.Offset, "`__expr` is no longer read", "write `__entity` or `__extn`");
            }
        }

        return new CedarRecord(node.Members.Select(member => KeyValuePair.Create(member.Name, Read(member.Value))));
    }

    private CedarValue ReadExtension(JsonNode node, CedarValueKind kind)
    {
        if (node.Kind == JsonValueKind.Object)
        {
            if (node["__expr"] is { Kind: JsonValueKind.String })
            {
                throw text.Error(node.Offset, "`__expr` is no longer read", "write `__entity` or `__extn`");
            }

            if (node["__extn"] is { } escaped && ExtensionJsonReader.IsCall(escaped))
            {
                return ReadCall(escaped, isTyped: true);
            }

            if (ExtensionJsonReader.IsCall(node))
            {
                return ReadCall(node, isTyped: true);
            }
        }

        return node.Kind == JsonValueKind.String
            ? _extensions.Construct(ExtensionJsonReader.ConstructorOf(kind), node.Text, node.Offset)
            : throw text.Error(node.Offset, $"{node.Describe()} stands where the schema wants {kind.ToCedarName()}", "write the argument of its constructor as a string");
    }

    private CedarValue ReadCall(JsonNode call, bool isTyped)
    {
        var signature = _extensions.SignatureOf(call);
        var nodes = ExtensionJsonReader.ArgumentsOf(call);
        if (nodes.Count != signature.Parameters.Length)
        {
            throw text.Error(call.Offset, $"`{signature.Name}` takes {signature.Parameters.Length} arguments, not {nodes.Count}");
        }

        var arguments = ImmutableArray.CreateBuilder<CedarValue>(nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
        {
            arguments.Add(isTyped && signature.Parameters[i] != CedarValueKind.String ? ReadExtension(nodes[i], signature.Parameters[i]) : Read(nodes[i]));
        }

        return _extensions.Apply(signature, arguments.MoveToImmutable(), call.Offset);
    }

    private EntityUid ToUid(JsonNode type, JsonNode id)
    {
        if (!EntityTypeName.TryParse(type.Text, out var name))
        {
            throw text.Error(type.Offset, $"{CedarText.Quote(type.Text)} is no entity type", "a type is identifiers joined by `::`, without spaces");
        }

        var uid = new EntityUid(name, id.Text);
        ThrowIf(conformance?.CheckUid(uid), id.Offset);
        return uid;
    }

    private void ThrowIf(CedarDiagnostic? problem, int offset)
    {
        if (problem is not null)
        {
            throw text.Error(offset, problem.Message, problem.Help);
        }
    }
}
