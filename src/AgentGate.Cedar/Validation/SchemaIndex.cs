using System.Collections.Frozen;
using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;

namespace AgentGate.Cedar.Validation;

/// <summary>A schema with what the validator asks of it worked out once. Immutable, thread-safe.</summary>
internal sealed class SchemaIndex
{
    private readonly CedarSchema _schema;
    private readonly FrozenDictionary<EntityTypeName, CedarType.EntityType> _types;
    private readonly FrozenSet<(EntityTypeName Lower, EntityTypeName Upper)> _actionTypesIn;

    public SchemaIndex(CedarSchema schema)
    {
        _schema = schema;
        Actions = [.. schema.Actions.Values.OrderBy(static action => action.Uid.Type).ThenBy(static action => action.Uid.Id, StringComparer.Ordinal)];
        _types = schema.EntityTypes.Keys.Concat(Actions.Select(static action => action.Uid.Type)).Distinct()
            .ToFrozenDictionary(static name => name, static name => new CedarType.EntityType([name]));
        _actionTypesIn = Actions.SelectMany(static action => action.Ancestors.Select(group => (action.Uid.Type, group.Type))).ToFrozenSet();
        TagTypes = [.. schema.EntityTypes.Values.Where(static type => type.Tags is not null).Select(static type => type.Tags!).Distinct()];
        Environments =
        [
            .. from action in Actions
               from principal in action.PrincipalTypes
               from resource in action.ResourceTypes
               select new RequestEnvironment(principal, action.Uid, resource, action.Context),
        ];
    }

    /// <summary>The actions, in order of their names so that findings come in the same order every time.</summary>
    public ImmutableArray<ActionDefinition> Actions { get; }

    /// <summary>Every kind of request.</summary>
    public ImmutableArray<RequestEnvironment> Environments { get; }

    /// <summary>The types tags have anywhere in the schema.</summary>
    public ImmutableArray<CedarType> TagTypes { get; }

    public IEnumerable<EntityTypeName> EntityTypeNames => _schema.EntityTypes.Keys;

    public EntityTypeDefinition? Find(EntityTypeName name) => _schema.EntityTypes.GetValueOrDefault(name);

    public ActionDefinition? Find(EntityUid action) => _schema.Actions.GetValueOrDefault(action);

    /// <summary>Whether policies may name the type. Actions are told by their ids, whatever their type.</summary>
    public bool IsKnown(EntityTypeName name) => name.IsAction || _schema.EntityTypes.ContainsKey(name);

    /// <summary>The type of entities of one type.</summary>
    public CedarType.EntityType TypeOf(EntityTypeName name) => _types.GetValueOrDefault(name) ?? new CedarType.EntityType([name]);

    /// <summary>The type of an entity that stands in a policy; <see langword="null"/> when the schema does not know it.</summary>
    public CedarType? TypeOf(EntityUid entity)
        => (entity.Type.IsAction ? _schema.Actions.ContainsKey(entity) : _schema.EntityTypes.ContainsKey(entity.Type)) ? TypeOf(entity.Type) : null;

    /// <summary>Whether an entity of one type may be in one of the other, or be it.</summary>
    public bool MayBeIn(EntityTypeName lower, EntityTypeName upper)
        => IsEntityIn(lower, upper) || _actionTypesIn.Contains((lower, upper));

    /// <summary>The same by the hierarchy of entity types alone, as the scope's principals and resources are found.</summary>
    public bool IsEntityIn(EntityTypeName lower, EntityTypeName upper)
        => lower == upper || (Find(lower)?.Ancestors.Contains(upper) ?? false);

    /// <summary>Whether some entity of the types on the left may be in, or be, one of the types on the right.</summary>
    public bool MayBeIn(CedarType.EntityType lower, CedarType.EntityType upper)
    {
        foreach (var low in lower.Types)
        {
            foreach (var up in upper.Types)
            {
                if (MayBeIn(low, up))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether an action is one of these or in one of these; <see langword="null"/> when the schema does not know one of them.</summary>
    public bool? IsActionIn(EntityUid action, IEnumerable<EntityUid> groups)
    {
        var ancestors = Find(action)?.Ancestors;
        var found = false;
        foreach (var group in groups)
        {
            if (Find(group) is null)
            {
                return null;
            }

            found |= group.Equals(action) || (ancestors?.Contains(group) ?? false);
        }

        return found;
    }

    /// <summary>The tag types of an entity: none when it can have no tags, several when its type is not known exactly.</summary>
    public ImmutableArray<CedarType> TagTypesOf(CedarType? entity) => entity switch
    {
        CedarType.EntityType { Types: [var only] } => Find(only)?.Tags is { } tags ? [tags] : [],
        CedarType.EntityType several => [.. several.Types.Select(Find).Where(static type => type?.Tags is not null).Select(static type => type!.Tags!).Distinct()],
        CedarType.AnyEntityType => TagTypes,
        _ => [],
    };
}
