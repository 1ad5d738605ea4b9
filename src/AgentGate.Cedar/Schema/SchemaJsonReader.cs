using System.Collections.Immutable;
using System.Text.Json;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <summary>Reads the JSON schema format into declarations. Names nobody knows are refused: a misspelt restriction would be none.</summary>
internal sealed partial class SchemaJsonReader
{
    private readonly JsonText _text;

    private SchemaJsonReader(JsonText text) => _text = text;

    /// <summary>Reads a whole schema.</summary>
    /// <exception cref="SchemaException">It is not that format.</exception>
    public static SchemaSyntax Parse(ReadOnlySpan<byte> utf8Json)
    {
        var text = new JsonText(utf8Json.ToArray(), static diagnostic => new SchemaException([diagnostic]));
        return new SchemaJsonReader(text).ReadSchema(JsonNode.Parse(text));
    }

    private SchemaSyntax ReadSchema(JsonNode root)
    {
        Require(root, JsonValueKind.Object, "a schema is an object of namespaces");
        return new SchemaSyntax(new SchemaText(null, _text), [.. root.Members.Select(ReadNamespace)]);
    }

    private NamespaceSyntax ReadNamespace(JsonMember member)
    {
        if (member.Name.Length > 0 && !CedarIdentifier.IsPath(member.Name))
        {
            throw _text.Error(member.Offset, $"{CedarText.Quote(member.Name)} is no namespace", "a namespace is identifiers joined by `::`, without spaces");
        }

        var space = member.Value;
        CheckMembers(space, "a namespace", ["commonTypes", "entityTypes", "actions", "annotations"], ["entityTypes", "actions"]);
        var annotations = ReadAnnotations(space["annotations"]);
        if (member.Name.Length == 0 && !annotations.IsEmpty)
        {
            throw _text.Error(space["annotations"]!.Offset, "the empty namespace cannot have annotations");
        }

        return new NamespaceSyntax(member.Name, At(member))
        {
            Annotations = annotations,
            CommonTypes = ReadMembers(space["commonTypes"], "`commonTypes`", ReadCommonType),
            Entities = ReadMembers(space["entityTypes"], "`entityTypes`", ReadEntity),
            Actions = ReadMembers(space["actions"], "`actions`", ReadAction),
        };
    }

    private CommonTypeSyntax ReadCommonType(JsonMember member)
    {
        CheckIdentifier(member);
        return new CommonTypeSyntax(new NameSyntax(member.Name, At(member)), ReadType(member.Value, ["annotations"]))
        {
            Annotations = ReadAnnotations(member.Value["annotations"]),
        };
    }

    private EntitySyntax ReadEntity(JsonMember member)
    {
        CheckIdentifier(member);
        var entity = member.Value;
        CheckMembers(entity, "an entity type", ["memberOfTypes", "shape", "tags", "enum", "annotations"], []);
        var syntax = new EntitySyntax([new NameSyntax(member.Name, At(member))]) { Annotations = ReadAnnotations(entity["annotations"]) };
        if (entity["enum"] is not { } choices)
        {
            return syntax with
            {
                MemberOf = entity["memberOfTypes"] is { } parents ? ReadTypeNames(parents) : [],
                Shape = entity["shape"] is { } shape ? ReadType(shape, []) : null,
                Tags = entity["tags"] is { } tags ? ReadType(tags, []) : null,
            };
        }

        if (entity.Members.FirstOrDefault(other => other.Name is "memberOfTypes" or "shape" or "tags") is { } unexpected)
        {
            throw _text.Error(unexpected.Offset, $"an enumerated entity type cannot have `{unexpected.Name}`", "remove it, or remove `enum`");
        }

        Require(choices, JsonValueKind.Array, "`enum` is an array of ids");
        if (choices.Items.Count == 0)
        {
            throw _text.Error(choices.Offset, "`enum` is empty", "an enumerated entity type has at least one id");
        }

        return syntax with { EnumIds = [.. choices.Items.Select(id => ReadString(id, "an id in `enum`"))] };
    }

    private ActionSyntax ReadAction(JsonMember member)
    {
        var action = member.Value;
        CheckMembers(action, "an action", ["attributes", "appliesTo", "memberOf", "annotations"], []);
        if (action["attributes"] is { Kind: not JsonValueKind.Null } attributes)
        {
            throw _text.Error(attributes.Offset, "actions have no attributes", "remove `attributes`");
        }

        return new ActionSyntax([new NameSyntax(member.Name, At(member))])
        {
            Annotations = ReadAnnotations(action["annotations"]),
            MemberOf = action["memberOf"] is { Kind: not JsonValueKind.Null } parents ? ReadActionReferences(parents) : [],
            AppliesTo = action["appliesTo"] is { Kind: not JsonValueKind.Null } appliesTo ? ReadAppliesTo(appliesTo) : null,
        };
    }

    private ImmutableArray<ActionReference> ReadActionReferences(JsonNode node)
    {
        Require(node, JsonValueKind.Array, "`memberOf` is an array of actions");
        var references = ImmutableArray.CreateBuilder<ActionReference>(node.Items.Count);
        foreach (var item in node.Items)
        {
            CheckMembers(item, "a reference to an action", ["id", "type"], ["id"]);
            var type = item["type"] is { Kind: not JsonValueKind.Null } name ? ReadPath(name, "the type of an action").Text : null;
            references.Add(new ActionReference(type, ReadString(item["id"]!, "the id of an action"), At(item)));
        }

        return references.DrainToImmutable();
    }

    private AppliesToSyntax ReadAppliesTo(JsonNode node)
    {
        CheckMembers(node, "`appliesTo`", ["principalTypes", "resourceTypes", "context"], ["principalTypes", "resourceTypes"]);
        return new AppliesToSyntax(
            ReadTypeNames(node["principalTypes"]!), ReadTypeNames(node["resourceTypes"]!), node["context"] is { } context ? ReadType(context, []) : null);
    }

    private ImmutableArray<NameSyntax> ReadTypeNames(JsonNode node)
    {
        Require(node, JsonValueKind.Array, "entity types are listed in an array");
        return [.. node.Items.Select(item => ReadPath(item, "an entity type"))];
    }

    private ImmutableArray<PolicyAnnotation> ReadAnnotations(JsonNode? node)
    {
        if (node is null)
        {
            return [];
        }

        Require(node, JsonValueKind.Object, "`annotations` is an object of strings");
        var annotations = ImmutableArray.CreateBuilder<PolicyAnnotation>(node.Members.Count);
        foreach (var member in node.Members)
        {
            if (!CedarIdentifier.HasShape(member.Name))
            {
                throw _text.Error(member.Offset, $"{CedarText.Quote(member.Name)} cannot name an annotation", "use an identifier");
            }

            var value = member.Value.Kind == JsonValueKind.Null ? "" : ReadString(member.Value, "the value of an annotation");
            annotations.Add(new PolicyAnnotation(member.Name, value));
        }

        return annotations.DrainToImmutable();
    }

    private ImmutableArray<T> ReadMembers<T>(JsonNode? node, string what, Func<JsonMember, T> read)
    {
        if (node is null)
        {
            return [];
        }

        Require(node, JsonValueKind.Object, $"{what} is an object");
        return [.. node.Members.Select(read)];
    }
}
