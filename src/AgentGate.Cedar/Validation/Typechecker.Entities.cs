using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Validation;

/// <content>Entities: <c>in</c>, <c>is</c> and tags.</content>
internal sealed partial class Typechecker
{
    private Typing CheckIn(Expr.Binary binary)
    {
        var left = Expect(binary.Left, Wanted.Entity, static _ => "use `.contains(…)` to ask whether a set has an element");
        return In(binary.Left, left, binary.Right);
    }

    private Typing In(Expr leftExpression, Typing left, Expr rightExpression)
    {
        var right = Expect(rightExpression, Wanted.Entity | Wanted.SetOfEntities, InHelp);
        if (left.Type is null || right.Type is null || !left.Succeeded || !right.Succeeded)
        {
            return Typing.Failed(CedarType.Bool);
        }

        if (LiteralOf(leftExpression) is EntityUid { Type.IsAction: true } action && EntitiesOf(rightExpression) is { } groups)
        {
            // The hierarchy of actions is in the schema, so this is known. Nothing but an action can hold an action.
            return schema.IsActionIn(action, groups.Where(static group => group.Type.IsAction)) is { } isIn
                ? Typing.Ok(isIn ? CedarType.True : CedarType.False)
                : Typing.Failed(CedarType.Bool);
        }

        var upper = right.Type is CedarType.SetType set ? set.Element : right.Type;
        return Typing.Ok(
            left.Type is CedarType.EntityType lowerTypes && upper is CedarType.EntityType upperTypes && !schema.MayBeIn(lowerTypes, upperTypes)
                ? CedarType.False
                : CedarType.Bool);
    }

    /// <summary>The entities that stand on the right of <c>in</c> literally; <see langword="null"/> when one is worked out.</summary>
    private List<EntityUid>? EntitiesOf(Expr expression)
    {
        if (LiteralOf(expression) is EntityUid one)
        {
            return [one];
        }

        if (expression is not Expr.Set set)
        {
            return null;
        }

        var all = new List<EntityUid>(set.Elements.Length);
        foreach (var element in set.Elements)
        {
            if (LiteralOf(element) is not EntityUid entity)
            {
                return null;
            }

            all.Add(entity);
        }

        return all;
    }

    /// <summary><c>e is T in f</c> is <c>e is T &amp;&amp; e in f</c>; <c>e</c> is looked at once.</summary>
    private Typing CheckIs(Expr.Is test)
    {
        var target = Expect(test.Target, Wanted.Entity, static _ => "`is` tests the type of entities only");
        if (target.Type is null)
        {
            return Typing.Failed(CedarType.Bool);
        }

        var isType = Typing.Ok(target.Type switch
        {
            CedarType.EntityType entity when !entity.Types.Contains(test.Type) => CedarType.False,
            CedarType.EntityType { Types.Count: 1 } => CedarType.True,
            _ => CedarType.Bool,
        }).If(target.Succeeded);
        return test.Within is null || isType.Is(false) ? isType : And(isType, In(test.Target, target, test.Within));
    }

    private Typing CheckHasTag(Expr.Binary binary)
    {
        var entity = Expect(binary.Left, Wanted.Entity);
        var name = Expect(binary.Right, Wanted.String);
        if (entity.Type is null)
        {
            return Typing.Failed(null);
        }

        var hasNone = schema.TagTypesOf(entity.Type).IsEmpty;
        if (name.Type is null)
        {
            return Typing.Failed(hasNone ? CedarType.False : CedarType.Bool);
        }

        var capability = _shapes.Tag(_shapes.Of(binary.Left), _shapes.Of(binary.Right));
        var type = hasNone ? CedarType.False : IsKnown(capability) ? CedarType.True : CedarType.Bool;
        return Typing.Ok(type, CapabilitySet.Of(capability)).If(entity.Succeeded && name.Succeeded);
    }

    private Typing CheckGetTag(Expr.Binary binary)
    {
        var entity = Expect(binary.Left, Wanted.Entity);
        var name = Expect(binary.Right, Wanted.String);
        if (entity.Type is null || name.Type is null)
        {
            return Typing.Failed(null);
        }

        var types = schema.TagTypesOf(entity.Type);
        if (types.IsEmpty)
        {
            findings.Report(
                ValidationFindingKind.UnsafeTagAccess, binary.Span, $"the entity type `{entity.Type}` has no tags",
                "declare the type of its tags in the schema: `entity … tags String;`");
            return Typing.Failed(null);
        }

        if (!IsKnown(_shapes.Tag(_shapes.Of(binary.Left), _shapes.Of(binary.Right))))
        {
            findings.Report(
                ValidationFindingKind.UnsafeOptionalAccess, binary.Span, $"the tag may be missing from the entity type `{entity.Type}`",
                $"test for it first, with the same words: `{PathOf(binary.Left, 0) ?? "…"}.hasTag({TagText(binary.Right)}) && …`");
            return Typing.Failed(null);
        }

        CedarType? joined = CedarType.Never;
        foreach (var type in types)
        {
            var before = joined;
            joined = lattice.Join(before, type, out var conflict);
            if (joined is null)
            {
                ReportConflict(binary.Span, "the tags must have one type", before, type, conflict);
                return Typing.Failed(null);
            }
        }

        return Typing.Ok(joined).If(entity.Succeeded && name.Succeeded);
    }

    private static string TagText(Expr name) => name switch
    {
        Expr.Literal { Value: CedarString text } => text.ToString(),
        _ => PathOf(name, 0) ?? "…",
    };
}
