using System.Collections.Immutable;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Schema;

/// <summary>A schema with every name resolved. Immutable, thread-safe.</summary>
public sealed class CedarSchema
{
    private readonly Lazy<ImmutableDictionary<EntityTypeName, ImmutableSortedSet<EntityTypeName>>> _typeDescendants;
    private readonly Lazy<ImmutableDictionary<EntityUid, ImmutableHashSet<EntityUid>>> _actionDescendants;

    internal CedarSchema(
        ImmutableSortedDictionary<EntityTypeName, EntityTypeDefinition> entityTypes, ImmutableDictionary<EntityUid, ActionDefinition> actions, SchemaSyntax syntax)
    {
        EntityTypes = entityTypes;
        Actions = actions;
        Syntax = syntax;
        ActionTypes = [.. actions.Keys.Select(uid => uid.Type)];
        _typeDescendants = new(() => EntityTypes.Values
            .SelectMany(type => type.Ancestors.Select(ancestor => (Ancestor: ancestor, type.Name)))
            .GroupBy(pair => pair.Ancestor, pair => pair.Name)
            .ToImmutableDictionary(group => group.Key, group => group.ToImmutableSortedSet()));
        _actionDescendants = new(() => Actions.Values
            .SelectMany(action => action.Ancestors.Select(ancestor => (Ancestor: ancestor, action.Uid)))
            .GroupBy(pair => pair.Ancestor, pair => pair.Uid)
            .ToImmutableDictionary(group => group.Key, group => group.ToImmutableHashSet()));
    }

    /// <summary>The schema that declares nothing.</summary>
    public static CedarSchema Empty { get; } = Parse("");

    /// <summary>The entity types; the types of actions are not among them.</summary>
    public ImmutableSortedDictionary<EntityTypeName, EntityTypeDefinition> EntityTypes { get; }

    /// <summary>The actions.</summary>
    public ImmutableDictionary<EntityUid, ActionDefinition> Actions { get; }

    /// <summary>The types of the actions: <c>Action</c> of each namespace that declares one.</summary>
    public ImmutableSortedSet<EntityTypeName> ActionTypes { get; }

    /// <summary>The declarations the schema was read from.</summary>
    internal SchemaSyntax Syntax { get; }

    /// <summary>Reads a schema in Cedar syntax.</summary>
    /// <exception cref="SchemaException">It does not parse, or a name does not resolve.</exception>
    public static CedarSchema Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return SchemaResolver.Resolve(SchemaParser.Parse(text));
    }

    /// <summary>Reads a schema in the JSON format.</summary>
    /// <exception cref="SchemaException">It does not parse, or a name does not resolve.</exception>
    public static CedarSchema ParseJson(ReadOnlySpan<byte> utf8Json) => SchemaResolver.Resolve(SchemaJsonReader.Parse(utf8Json));

    /// <summary>The schema in the JSON format, UTF-8, indented. Comments are lost, annotations are kept.</summary>
    public byte[] ToJson() => SchemaJsonWriter.Write(Syntax);

    /// <summary>The schema in Cedar syntax. Comments are lost, annotations are kept.</summary>
    /// <exception cref="SchemaException">It was read from JSON and uses what only JSON can say: a common type as the attributes of an entity type, or an entity type beside a common type of its name.</exception>
    public string ToCedar() => SchemaTextWriter.Write(Syntax);

    /// <summary>The types whose entities may be in entities of this type, directly or through others. Itself only when a type may nest in itself.</summary>
    public ImmutableSortedSet<EntityTypeName> DescendantsOf(EntityTypeName type) => _typeDescendants.Value.GetValueOrDefault(type, []);

    /// <summary>The actions in this group of actions, directly or through others, itself not counted.</summary>
    public ImmutableHashSet<EntityUid> DescendantsOf(EntityUid action) => _actionDescendants.Value.GetValueOrDefault(action, []);

    /// <summary>Whether an entity of one type may be an entity of the other or in one.</summary>
    public bool IsDescendantOrSelf(EntityTypeName descendant, EntityTypeName ancestor)
        => descendant == ancestor || (EntityTypes.TryGetValue(descendant, out var type) && type.Ancestors.Contains(ancestor));

    /// <summary>Whether one action is the other or in its group.</summary>
    public bool IsDescendantOrSelf(EntityUid descendant, EntityUid ancestor)
        => descendant.Equals(ancestor) || (Actions.TryGetValue(descendant, out var action) && action.Ancestors.Contains(ancestor));

    /// <summary>The action entities of the schema with their hierarchy, as the entities of a request hold them, in the order of their names.</summary>
    public ImmutableArray<Entity> ActionEntities()
        => [.. Actions.Values.OrderBy(action => action.Uid.Type).ThenBy(action => action.Uid.Id, StringComparer.Ordinal)
            .Select(action => new Entity(action.Uid) { Parents = [.. action.Parents.OrderBy(parent => parent.ToString(), StringComparer.Ordinal)] })];
}
