using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Validation;

/// <summary>What the scope of one policy lets through, and whether the schema has such requests.</summary>
/// <param name="schema">The schema.</param>
/// <param name="policy">The policy, or a linked one with its slots filled.</param>
internal sealed class ScopeChecks(SchemaIndex schema, Policy policy)
{
    /// <summary>Reports entity types, actions and ids of enumerated types that the schema does not have.</summary>
    public void CheckNames(PolicyContents contents, FindingList findings)
    {
        foreach (var (type, span) in contents.Types)
        {
            CheckType(type, span, findings);
        }

        foreach (var (entity, span) in contents.Entities)
        {
            if (entity.Type.IsAction)
            {
                CheckAction(entity, span, findings);
            }
            else if (schema.Find(entity.Type)?.EnumIds is { } ids && !ids.Contains(entity.Id))
            {
                findings.Report(
                    ValidationFindingKind.InvalidEnumEntity, span, $"the enumerated entity type `{entity.Type}` has no entity `{entity.Id}`", NameSuggestion.For(entity.Id, ids));
            }
        }
    }

    /// <summary>Reports what fills a slot with an entity of a type that the schema does not have.</summary>
    public void CheckType(EntityTypeName type, SourceSpan span, FindingList findings)
    {
        if (!schema.IsKnown(type))
        {
            findings.Report(
                ValidationFindingKind.UnrecognizedEntityType, span, $"the schema has no entity type `{type}`",
                NameSuggestion.For(type.Text, schema.EntityTypeNames.Select(static name => name.Text)));
        }
    }

    /// <summary>Reports a scope that matches no request of the schema. Strict validation refuses it: a forbid that can never apply protects nobody.</summary>
    /// <param name="mode">How much is insisted on.</param>
    /// <param name="isWrong">Whether the policy has errors already: those are what to mend, and mostly the cause.</param>
    /// <param name="errors">What makes the policy invalid.</param>
    /// <param name="warnings">What is worth a look.</param>
    public void CheckApplication(ValidationMode mode, bool isWrong, ImmutableArray<ValidationFinding>.Builder errors, FindingList warnings)
    {
        if (mode == ValidationMode.Permissive || isWrong)
        {
            CheckApplication(warnings);
            return;
        }

        var findings = new FindingList(policy);
        CheckApplication(findings);
        errors.AddRange(findings.ToFindings(0));
    }

    private void CheckApplication(FindingList findings)
    {
        var actions = ActionsInScope();
        if (actions.Any(action => action.PrincipalTypes.Any(type => Admits(policy.Principal, type)) && action.ResourceTypes.Any(type => Admits(policy.Resource, type))))
        {
            return;
        }

        findings.Report(
            ValidationFindingKind.InvalidActionApplication, policy.Span, "no action in the scope applies to a principal and a resource that the scope allows",
            InInstead(actions) ?? WhatApplies(actions));
    }

    /// <summary>What the constraint says of principals or resources of a type: known true, known false, or neither.</summary>
    /// <remarks>A slot is filled with what may match, so a constraint with a slot is neither.</remarks>
    public static bool? Decide(SchemaIndex schema, ScopeConstraint constraint, EntityTypeName type) => constraint switch
    {
        ScopeConstraint.Equal { Entity: { } entity } => schema.TypeOf(entity) is not null && entity.Type != type ? false : null,
        ScopeConstraint.In { Entity: { } entity } => IsNeverIn(schema, type, entity) ? false : null,
        ScopeConstraint.Is test => test.Type == type,
        ScopeConstraint.IsIn test => test.Type != type || (test.Entity is { } entity && IsNeverIn(schema, type, entity)) ? false : null,
        ScopeConstraint.Any => true,
        _ => null,
    };

    private static bool IsNeverIn(SchemaIndex schema, EntityTypeName type, EntityUid entity)
        => schema.TypeOf(entity) is not null && !schema.MayBeIn(type, entity.Type);

    /// <summary>The actions the scope allows; none when it names one that the schema does not have.</summary>
    private ImmutableArray<ActionDefinition> ActionsInScope() => policy.Action switch
    {
        ActionConstraint.Equal equal => schema.Find(equal.Action) is { } action ? [action] : [],
        ActionConstraint.In within => [.. schema.Actions.Where(action => schema.IsActionIn(action.Uid, within.Actions) is true)],
        _ => schema.Actions,
    };

    private bool Admits(ScopeConstraint constraint, EntityTypeName type) => constraint switch
    {
        ScopeConstraint.Equal { Entity: { } entity } => entity.Type == type,
        ScopeConstraint.In { Entity: { } entity } => schema.IsEntityIn(type, entity.Type),
        ScopeConstraint.Is test => test.Type == type,
        ScopeConstraint.IsIn test => test.Type == type && (test.Entity is null || schema.IsEntityIn(type, test.Entity.Type)),
        _ => true,
    };

    private void CheckAction(EntityUid action, SourceSpan span, FindingList findings)
    {
        if (schema.Find(action) is not null)
        {
            return;
        }

        var elsewhere = schema.Actions.FirstOrDefault(known => known.Uid.Id == action.Id);
        findings.Report(
            ValidationFindingKind.UnrecognizedActionId, span, $"the schema has no action `{action}`",
            elsewhere is null
                ? NameSuggestion.For(action.ToString(), schema.Actions.Select(static known => known.Uid.ToString()))
                : $"did you mean `{elsewhere.Uid}`?");
    }

    /// <summary>The hint when <c>==</c> names a group where its members were meant.</summary>
    private string? InInstead(ImmutableArray<ActionDefinition> actions)
    {
        var principal = policy.Principal is ScopeConstraint.Equal { Entity: { } one } && IsGroupOf(one.Type, static action => action.PrincipalTypes);
        var resource = policy.Resource is ScopeConstraint.Equal { Entity: { } other } && IsGroupOf(other.Type, static action => action.ResourceTypes);
        return (principal, resource) switch
        {
            (true, true) => "write `in` instead of `==` for the principal and the resource: these are groups",
            (true, false) => "write `in` instead of `==` for the principal: it is a group",
            (false, true) => "write `in` instead of `==` for the resource: it is a group",
            _ => null,
        };

        bool IsGroupOf(EntityTypeName type, Func<ActionDefinition, ImmutableSortedSet<EntityTypeName>> select)
            => !actions.Any(action => select(action).Contains(type)) && actions.Any(action => select(action).Any(member => schema.IsEntityIn(member, type)));
    }

    private static string? WhatApplies(ImmutableArray<ActionDefinition> actions)
    {
        if (actions is not [var action])
        {
            return actions.IsEmpty ? null : "see the `appliesTo` of the actions in the schema";
        }

        return action.PrincipalTypes.IsEmpty || action.ResourceTypes.IsEmpty
            ? $"`{action.Uid}` applies to nothing: it has no `appliesTo` in the schema, or is a group; name the group with `in`"
            : $"`{action.Uid}` applies to principals {List(action.PrincipalTypes)} and resources {List(action.ResourceTypes)}";

        static string List(ImmutableSortedSet<EntityTypeName> types)
            => string.Join(", ", types.Take(6).Select(static type => $"`{type}`")) + (types.Count > 6 ? ", …" : "");
    }
}
