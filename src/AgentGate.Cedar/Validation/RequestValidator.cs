using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Validation;

/// <summary>Checks requests and entities against a schema. Thread-safe.</summary>
/// <param name="schema">The schema.</param>
public sealed class RequestValidator(CedarSchema schema)
{
    private readonly SchemaConformance _conformance = new(schema);

    /// <summary>What keeps a request from conforming; empty when it does.</summary>
    public ImmutableArray<CedarDiagnostic> Check(AuthorizationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var found = ImmutableArray.CreateBuilder<CedarDiagnostic>();
        schema.Actions.TryGetValue(request.Action, out var action);
        CheckParty("principal", request.Principal, action?.PrincipalTypes, request.Action, found);
        if (action is null)
        {
            found.Add(_conformance.UndeclaredAction(request.Action) with { Path = "action" });
        }

        CheckParty("resource", request.Resource, action?.ResourceTypes, request.Action, found);
        if (action is not null && _conformance.CheckRecord(request.Context, action.Context, "context") is { } wrong)
        {
            found.Add(wrong);
        }

        return found.DrainToImmutable();
    }

    /// <summary>What keeps an entity from conforming; empty when it does.</summary>
    public ImmutableArray<CedarDiagnostic> Check(Entity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        if (entity.Uid.Type.IsAction)
        {
            return CheckAction(entity);
        }

        if (!schema.EntityTypes.TryGetValue(entity.Uid.Type, out var type))
        {
            return [_conformance.UndeclaredType(entity.Uid.Type) with { Path = "uid" }];
        }

        var found = ImmutableArray.CreateBuilder<CedarDiagnostic>();
        AddIf(found, _conformance.CheckUid(entity.Uid), "uid");
        AddIf(found, _conformance.CheckRecord(entity.Attributes, type.Attributes, "attrs"));
        foreach (var parent in entity.Parents)
        {
            if (!type.Ancestors.Contains(parent.Type))
            {
                found.Add(ParentProblem(type, parent) with { Path = "parents" });
            }
            else
            {
                AddIf(found, _conformance.CheckUid(parent), "parents");
            }
        }

        foreach (var (name, value) in entity.Tags)
        {
            AddIf(found, type.Tags is null ? TagProblem(type) with { Path = "tags" } : _conformance.CheckValue(value, type.Tags, $"tags.{CedarText.Show(name)}"));
        }

        return found.DrainToImmutable();
    }

    /// <summary>What to say of a parent the type cannot have.</summary>
    internal static CedarDiagnostic ParentProblem(EntityTypeDefinition type, EntityUid parent)
        => new($"an entity of type `{type.Name}` cannot be in `{parent}`")
        {
            Help = type.Ancestors.IsEmpty ? "the schema lets it be in nothing" : $"the schema lets it be in `{string.Join("`, `", type.Ancestors.Take(10))}`",
        };

    /// <summary>What to say of a tag on an entity whose type has none.</summary>
    internal static CedarDiagnostic TagProblem(EntityTypeDefinition type)
        => new($"entities of type `{type.Name}` have no tags") { Help = "declare them with `tags`, or remove them" };

    /// <summary>What to say of an action entity that is not the schema's.</summary>
    internal static CedarDiagnostic ActionProblem(EntityUid uid)
        => new($"the action `{uid}` is not as the schema declares it") { Help = "leave actions out: the schema's are there by themselves" };

    private static void AddIf(ImmutableArray<CedarDiagnostic>.Builder found, CedarDiagnostic? problem, string? path = null)
    {
        if (problem is not null)
        {
            found.Add(path is null ? problem : problem with { Path = path });
        }
    }

    private ImmutableArray<CedarDiagnostic> CheckAction(Entity entity)
    {
        if (!schema.Actions.TryGetValue(entity.Uid, out var action))
        {
            return [_conformance.UndeclaredAction(entity.Uid) with { Path = "uid" }];
        }

        // Parents may be given with or without those that follow from others.
        var ancestors = entity.Parents.ToHashSet();
        foreach (var parent in entity.Parents)
        {
            ancestors.UnionWith(schema.Actions.TryGetValue(parent, out var group) ? group.Ancestors : []);
        }

        return entity.Attributes.Count == 0 && entity.Tags.Count == 0 && ancestors.SetEquals(action.Ancestors) ? [] : [ActionProblem(entity.Uid)];
    }

    private void CheckParty(
        string what, EntityUid uid, ImmutableSortedSet<EntityTypeName>? applicable, EntityUid action, ImmutableArray<CedarDiagnostic>.Builder found)
    {
        if (!schema.EntityTypes.ContainsKey(uid.Type))
        {
            found.Add(_conformance.UndeclaredType(uid.Type) with { Path = what });
        }
        else if (applicable is not null && !applicable.Contains(uid.Type))
        {
            found.Add(new CedarDiagnostic($"the action `{action}` does not apply to a {what} of type `{uid.Type}`")
            {
                Path = what,
                Help = applicable.IsEmpty ? $"it applies to no {what}" : $"it applies to `{string.Join("`, `", applicable.Take(10))}`",
            });
        }
        else
        {
            AddIf(found, _conformance.CheckUid(uid), what);
        }
    }
}
