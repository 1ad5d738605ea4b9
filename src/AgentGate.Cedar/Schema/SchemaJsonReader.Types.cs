using System.Collections.Immutable;
using System.Text.Json;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <summary>Types and single values. The depth is that of the document, which is bounded.</summary>
internal sealed partial class SchemaJsonReader
{
    private TypeSyntax ReadType(JsonNode node, ReadOnlySpan<string> besides)
    {
        Require(node, JsonValueKind.Object, "a type is an object with `type`");
        var span = At(node);
        if (node["type"] is not { } typeNode)
        {
            throw _text.Error(node.Offset, "the type has no `type`", "name a built-in or a common type");
        }

        var type = ReadString(typeNode, "`type`");
        switch (type)
        {
            case "String" or "Long" or "Boolean":
                CheckTypeMembers(node, type, [], besides);
                return new TypeSyntax.Primitive(type switch { "String" => CedarType.String, "Long" => CedarType.Long, _ => CedarType.Bool }, span);
            case "Set":
                CheckTypeMembers(node, type, ["element"], besides);
                return new TypeSyntax.Set(ReadType(Needed(node, "element"), []), span);
            case "Record":
                CheckTypeMembers(node, type, ["attributes", "additionalAttributes"], besides);
                return ReadRecord(node, span);
            case "Entity":
                CheckTypeMembers(node, type, ["name"], besides);
                return new TypeSyntax.Reference(ReadPath(Needed(node, "name"), "an entity type").Text, ReferenceKind.Entity, span);
            case "EntityOrCommon":
                CheckTypeMembers(node, type, ["name"], besides);
                return new TypeSyntax.Reference(ReadPath(Needed(node, "name"), "an entity or common type").Text, ReferenceKind.EntityOrCommon, span);
            case "Extension":
                CheckTypeMembers(node, type, ["name"], besides);
                return new TypeSyntax.Extension(ReadString(Needed(node, "name"), "an extension type"), span);
            default:
                CheckTypeMembers(node, type, [], besides);
                return new TypeSyntax.Reference(ReadPath(typeNode, "a common type").Text, ReferenceKind.Common, span);
        }
    }

    private TypeSyntax.Record ReadRecord(JsonNode node, SourceSpan span)
    {
        var attributes = Needed(node, "attributes");
        Require(attributes, JsonValueKind.Object, "`attributes` is an object of types");
        switch (node["additionalAttributes"])
        {
            case null or { Kind: JsonValueKind.False }:
                break;
            case { Kind: JsonValueKind.True } open:
                throw _text.Error(open.Offset, "records with additional attributes are not supported", "declare every attribute, the optional ones with `\"required\": false`");
            case { } other:
                throw _text.Error(other.Offset, $"`additionalAttributes` is {other.Describe()}", "it is a boolean");
        }

        var read = ImmutableArray.CreateBuilder<AttributeSyntax>(attributes.Members.Count);
        foreach (var member in attributes.Members)
        {
            var type = ReadType(member.Value, ["required", "annotations"]);
            var required = member.Value["required"];
            if (required is not (null or { Kind: JsonValueKind.True or JsonValueKind.False }))
            {
                throw _text.Error(required.Offset, $"`required` is {required.Describe()}", "it is a boolean");
            }

            read.Add(new AttributeSyntax(member.Name, type, required is not { Kind: JsonValueKind.False }, ReadAnnotations(member.Value["annotations"])));
        }

        return new TypeSyntax.Record(read.DrainToImmutable(), span);
    }

    private JsonNode Needed(JsonNode node, string name)
        => node[name] ?? throw _text.Error(node.Offset, $"the type `{node["type"]!.Text}` has no `{name}`", $"add `{name}`");

    private void CheckTypeMembers(JsonNode node, string type, ReadOnlySpan<string> own, ReadOnlySpan<string> besides)
    {
        foreach (var member in node.Members)
        {
            if (member.Name != "type" && !own.Contains(member.Name) && !besides.Contains(member.Name))
            {
                throw _text.Error(member.Offset, $"the type {CedarText.Quote(type)} cannot have {CedarText.Quote(member.Name)}", "remove it");
            }
        }
    }

    private void CheckMembers(JsonNode node, string what, ReadOnlySpan<string> known, ReadOnlySpan<string> required)
    {
        Require(node, JsonValueKind.Object, $"{what} is an object");
        foreach (var member in node.Members)
        {
            if (!known.Contains(member.Name))
            {
                var near = NearestName.Find(member.Name, known.ToArray());
                throw _text.Error(member.Offset, $"{what} cannot have {CedarText.Quote(member.Name)}", near is null ? $"it has `{string.Join("`, `", known.ToArray())}`" : $"did you mean `{near}`?");
            }
        }

        foreach (var name in required)
        {
            if (node[name] is null)
            {
                throw _text.Error(node.Offset, $"{what} has no `{name}`", "add it; it may be empty");
            }
        }
    }

    private void Require(JsonNode node, JsonValueKind kind, string rule)
    {
        if (node.Kind != kind)
        {
            throw _text.Error(node.Offset, $"unexpected {node.Describe()}", rule);
        }
    }

    private string ReadString(JsonNode node, string what)
        => node.Kind == JsonValueKind.String ? node.Text : throw _text.Error(node.Offset, $"{what} is {node.Describe()}", "it is a string");

    /// <summary>Identifiers joined by <c>::</c>; <c>__cedar</c> is allowed, for built-in types.</summary>
    private NameSyntax ReadPath(JsonNode node, string what)
    {
        var path = ReadString(node, what);
        foreach (var part in path.Split("::"))
        {
            if (!CedarIdentifier.HasShape(part) || (CedarIdentifier.IsReserved(part) && part != BuiltInTypes.Namespace))
            {
                throw _text.Error(node.Offset, $"{CedarText.Quote(path)} does not name {what}", "a name is identifiers joined by `::`, without spaces");
            }
        }

        return new NameSyntax(path, At(node));
    }

    private void CheckIdentifier(JsonMember member)
    {
        if (!CedarIdentifier.IsValid(member.Name) && member.Name != BuiltInTypes.Namespace)
        {
            throw _text.Error(member.Offset, $"{CedarText.Quote(member.Name)} cannot be declared", "a declared name is one identifier; the namespace is the key above");
        }
    }

    private static SourceSpan At(JsonNode node) => new(node.Offset, 1);

    private static SourceSpan At(JsonMember member) => new(member.Offset, 1);
}
