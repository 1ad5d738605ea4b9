using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <summary>Turns declarations into a schema: resolves every name, closes the hierarchies, and reports everything that is wrong at once.</summary>
internal sealed class SchemaResolver
{
    private readonly SchemaSyntax _schema;
    private readonly SchemaProblems _problems;
    private readonly SchemaNames _names;
    private readonly TypeResolver _types;

    private SchemaResolver(SchemaSyntax schema)
    {
        _schema = schema;
        _problems = new SchemaProblems(schema.Source);
        _names = new SchemaNames(schema, _problems);
        _types = new TypeResolver(_names, _problems);
    }

    /// <summary>Resolves a schema.</summary>
    /// <exception cref="SchemaException">Something is declared twice, not at all, in a circle, or where it may not be.</exception>
    public static CedarSchema Resolve(SchemaSyntax schema) => new SchemaResolver(schema).Resolve();

    private CedarSchema Resolve()
    {
        CheckNames();
        _problems.ThrowIfAny();
        _types.ResolveCommonTypes();
        _problems.ThrowIfAny();
        var entities = ResolveEntities();
        var actions = ResolveActions();
        _problems.ThrowIfAny();
        return new CedarSchema(entities, actions, _schema);
    }

    private void CheckNames()
    {
        foreach (var space in _schema.Namespaces)
        {
            foreach (var type in space.CommonTypes)
            {
                _types.CheckNames(space, type.Type);
            }

            foreach (var entity in space.Entities)
            {
                CheckEntityNames(space, entity.MemberOf);
                _types.CheckNames(space, entity.Shape);
                _types.CheckNames(space, entity.Tags);
            }

            foreach (var action in space.Actions)
            {
                CheckActionNames(space, action);
            }
        }
    }

    private void CheckActionNames(NamespaceSyntax space, ActionSyntax action)
    {
        foreach (var parent in action.MemberOf)
        {
            if (_names.FindAction(space, parent) is null)
            {
                var name = $"{parent.Type ?? "Action"}::{CedarText.Quote(parent.Id)}";
                var near = _problems.IsFull ? null : NearestName.Find(parent.Id, _names.Actions.Keys.Select(uid => uid.Id));
                _problems.Add(parent.Span, $"the action `{name}` is not declared", near is null ? "declare it with `action`" : $"did you mean `{CedarText.Show(near)}`?");
            }
        }

        if (action.AppliesTo is { } appliesTo)
        {
            CheckEntityNames(space, appliesTo.Principals);
            CheckEntityNames(space, appliesTo.Resources);
            _types.CheckNames(space, appliesTo.Context);
        }
    }

    /// <summary>Types of actions are entity types, but nothing is in them and nothing applies to them.</summary>
    private void CheckEntityNames(NamespaceSyntax space, ImmutableArray<NameSyntax> names)
    {
        foreach (var name in names)
        {
            if (_names.Find(space, name.Text, ReferenceKind.Entity) is not { } found || !_names.Entities.ContainsKey(found.Name))
            {
                _names.AddUndeclared(space, name.Text, ReferenceKind.Entity, name.Span);
            }
        }
    }

    private ImmutableSortedSet<EntityTypeName> ToTypes(NamespaceSyntax space, ImmutableArray<NameSyntax> names)
        => [.. names.Select(name => EntityTypeName.Parse(_names.Find(space, name.Text, ReferenceKind.Entity)!.Value.Name))];

    private ImmutableSortedDictionary<EntityTypeName, EntityTypeDefinition> ResolveEntities()
    {
        var drafts = new Dictionary<EntityTypeName, EntityTypeDefinition>();
        foreach (var space in _schema.Namespaces)
        {
            foreach (var entity in space.Entities)
            {
                // Several names share one definition, which is resolved once.
                var what = entity.Names[0];
                var attributes = _types.ResolveRecord(space, entity.Shape, $"the attributes of the entity type `{what.Text}` are", what.Span);
                var tags = entity.Tags is null ? null : _types.Resolve(space, entity.Tags);
                var parents = ToTypes(space, entity.MemberOf);
                ImmutableSortedSet<string>? ids = entity.EnumIds.IsDefault ? null : ImmutableSortedSet.Create(StringComparer.Ordinal, [.. entity.EnumIds]);
                foreach (var declared in entity.Names)
                {
                    var name = EntityTypeName.Parse(SchemaNames.Qualify(space.Name, declared.Text));
                    drafts[name] = new EntityTypeDefinition { Name = name, Attributes = attributes, Tags = tags, EnumIds = ids, Parents = parents };
                }
            }
        }

        var ancestors = Hierarchy.Close(drafts.ToDictionary(draft => draft.Key, draft => (IReadOnlyCollection<EntityTypeName>)draft.Value.Parents));
        if (ancestors is null)
        {
            _problems.Add(SourceSpan.None, "the hierarchy of the entity types is too large", "declare fewer parents");
            return ImmutableSortedDictionary<EntityTypeName, EntityTypeDefinition>.Empty;
        }

        return drafts.Values.ToImmutableSortedDictionary(draft => draft.Name, draft => new EntityTypeDefinition
        {
            Name = draft.Name,
            Attributes = draft.Attributes,
            Tags = draft.Tags,
            EnumIds = draft.EnumIds,
            Parents = draft.Parents,
            Ancestors = [.. ancestors[draft.Name]],
        });
    }

    private ImmutableDictionary<EntityUid, ActionDefinition> ResolveActions()
    {
        var parents = new Dictionary<EntityUid, IReadOnlyCollection<EntityUid>>();
        foreach (var space in _schema.Namespaces)
        {
            foreach (var action in space.Actions)
            {
                EntityUid[] groups = [.. action.MemberOf.Select(parent => _names.FindAction(space, parent)!).Distinct()];
                foreach (var declared in action.Names)
                {
                    parents[new EntityUid(SchemaNames.Qualify(space.Name, "Action"), declared.Text)] = groups;
                }
            }
        }

        var ancestors = Hierarchy.Close(parents);
        if (ancestors is null)
        {
            _problems.Add(SourceSpan.None, "the hierarchy of the actions is too large", "declare fewer groups");
            return ImmutableDictionary<EntityUid, ActionDefinition>.Empty;
        }

        var actions = ImmutableDictionary.CreateBuilder<EntityUid, ActionDefinition>();
        foreach (var space in _schema.Namespaces)
        {
            foreach (var action in space.Actions)
            {
                var what = action.Names[0];
                var context = _types.ResolveRecord(space, action.AppliesTo?.Context, $"the context of the action `{CedarText.Show(what.Text)}` is", what.Span);
                var principals = action.AppliesTo is null ? [] : ToTypes(space, action.AppliesTo.Principals);
                var resources = action.AppliesTo is null ? [] : ToTypes(space, action.AppliesTo.Resources);
                foreach (var declared in action.Names)
                {
                    var uid = new EntityUid(SchemaNames.Qualify(space.Name, "Action"), declared.Text);
                    if (ancestors[uid].Contains(uid))
                    {
                        _problems.Add(declared.Span, $"the action `{uid}` is in itself, directly or through others", "take one `in` of the circle away");
                    }

                    actions[uid] = new ActionDefinition
                    {
                        Uid = uid,
                        PrincipalTypes = principals,
                        ResourceTypes = resources,
                        Context = context,
                        Parents = [.. parents[uid]],
                        Ancestors = [.. ancestors[uid]],
                    };
                }
            }
        }

        return actions.ToImmutable();
    }
}
