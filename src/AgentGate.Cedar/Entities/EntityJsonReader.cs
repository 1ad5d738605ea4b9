using System.Text.Json;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Validation;

namespace AgentGate.Cedar.Entities;

/// <summary>Reads entities in JSON.</summary>
internal sealed class EntityJsonReader
{
    private readonly JsonText _text;
    private readonly CedarSchema? _schema;
    private readonly ValueJsonReader _values;

    /// <summary>A reader of one document.</summary>
    public EntityJsonReader(JsonText text, CedarSchema? schema)
    {
        _text = text;
        _schema = schema;
        _values = new ValueJsonReader(text, schema is null ? null : new SchemaConformance(schema));
    }

    /// <summary>Reads an array of entities into a store.</summary>
    public EntityStore ReadAll()
    {
        var root = JsonNode.Parse(_text);
        if (root.Kind != JsonValueKind.Array)
        {
            throw _text.Error(root.Offset, $"{root.Describe()} stands where the entities are listed", "entities are an array");
        }

        var read = new List<(Entity Entity, int Offset)>(root.Items.Count);
        read.AddRange(root.Items.Select(item => (Read(item), item.Offset)));
        var store = EntityStore.Create(read.Select(static entry => entry.Entity));
        return _schema is null ? store : WithActions(read, store, _schema);
    }

    /// <summary>Actions that are written out must be the schema's; all of the schema's are there in any case.</summary>
    private EntityStore WithActions(List<(Entity Entity, int Offset)> read, EntityStore store, CedarSchema schema)
    {
        foreach (var (entity, offset) in read)
        {
            if (schema.Actions.TryGetValue(entity.Uid, out var action)
                && (entity.Attributes.Count + entity.Tags.Count > 0 || !action.Ancestors.SetEquals(store.AncestorsOf(entity.Uid))))
            {
                var problem = RequestValidator.ActionProblem(entity.Uid);
                throw _text.Error(offset, problem.Message, problem.Help);
            }
        }

        return schema.Actions.IsEmpty ? store
            : EntityStore.Create(store.Where(static entity => !entity.Uid.Type.IsAction).Concat(schema.ActionEntities()));
    }

    private Entity Read(JsonNode node)
    {
        if (node.Kind != JsonValueKind.Object)
        {
            throw _text.Error(node.Offset, $"{node.Describe()} stands where an entity is described", "an entity is an object with `uid`, `attrs` and `parents`");
        }

        var uid = _values.ReadUid(Needed(node, "uid", null));
        var attributes = Needed(node, "attrs", JsonValueKind.Object);
        var parents = Needed(node, "parents", JsonValueKind.Array);
        var tags = node["tags"] is null ? null : Needed(node, "tags", JsonValueKind.Object);
        var type = uid.Type.IsAction ? null : FindType(uid, node);
        return new Entity(uid)
        {
            Attributes = type is null ? ReadUntyped(attributes) : _values.ReadRecord(attributes, type.Attributes),
            Tags = tags is null ? CedarRecord.Empty : type is null ? ReadUntyped(tags) : ReadTags(tags, type),
            Parents = [.. parents.Items.Select(parent => ReadParent(parent, uid, type)).Distinct()],
        };
    }

    private EntityTypeDefinition? FindType(EntityUid uid, JsonNode node)
    {
        if (_schema is null)
        {
            return null;
        }

        if (_schema.EntityTypes.TryGetValue(uid.Type, out var type))
        {
            return type;
        }

        var problem = new SchemaConformance(_schema).UndeclaredType(uid.Type);
        throw _text.Error(node["uid"]!.Offset, problem.Message, problem.Help);
    }

    private CedarRecord ReadUntyped(JsonNode node) => new(node.Members.Select(member => KeyValuePair.Create(member.Name, _values.Read(member.Value))));

    private CedarRecord ReadTags(JsonNode node, EntityTypeDefinition type)
    {
        if (type.Tags is null && node.Members is [var first, ..])
        {
            var problem = RequestValidator.TagProblem(type);
            throw _text.Error(first.Offset, problem.Message, problem.Help);
        }

        return new CedarRecord(node.Members.Select(member => KeyValuePair.Create(member.Name, _values.Read(member.Value, type.Tags!))));
    }

    private EntityUid ReadParent(JsonNode node, EntityUid child, EntityTypeDefinition? type)
    {
        var parent = _values.ReadUid(node);
        if (child.Type.IsAction && !parent.Type.IsAction)
        {
            throw _text.Error(node.Offset, $"the action `{child}` cannot be in `{parent}`", "actions are in actions only");
        }

        if (type is not null && !type.Ancestors.Contains(parent.Type))
        {
            var problem = RequestValidator.ParentProblem(type, parent);
            throw _text.Error(node.Offset, problem.Message, problem.Help);
        }

        return parent;
    }

    private JsonNode Needed(JsonNode node, string name, JsonValueKind? kind)
    {
        var found = node[name] ?? throw _text.Error(node.Offset, $"the entity has no `{name}`", "an entity is an object with `uid`, `attrs` and `parents`");
        return kind is null || found.Kind == kind ? found
            : throw _text.Error(found.Offset, $"`{name}` is {found.Describe()}", kind == JsonValueKind.Array ? "it is an array" : "it is an object");
    }
}
