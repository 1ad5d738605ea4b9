using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Evaluation;

/// <summary><c>a in b</c>, where <c>b</c> is an entity or a set of entities.</summary>
internal class InNode(Expr source, Node left, Node right) : TestNode(source)
{
    public override bool TryTest(ref EvaluationFrame frame, out bool result)
    {
        result = false;
        return TryEntity(left, ref frame, out var entity) && TryIsIn(ref frame, entity.Entity, right, out result);
    }

    protected bool TryIsIn(ref EvaluationFrame frame, EntityUid entity, Node groups, out bool result)
    {
        result = false;
        if (!groups.TryEvaluate(ref frame, out var group))
        {
            return false;
        }

        switch (group.Kind)
        {
            case CedarValueKind.Entity:
                result = frame.IsIn(entity, group.Entity);
                return true;
            case CedarValueKind.Set:
                return TryIsInAny(ref frame, entity, group.Set, out result);
            default:
                return frame.FailType(Source, "entity or set of entities", group);
        }
    }

    private bool TryIsInAny(ref EvaluationFrame frame, EntityUid entity, CedarSet groups, out bool result)
    {
        result = false;
        var node = frame.Find(entity);
        foreach (var group in groups.Elements)
        {
            // Every element is looked at: one that is no entity is an error even behind a match.
            if (group is not EntityUid uid)
            {
                result = false;
                return frame.FailType(Source, "set of entities", Datum.Of(group));
            }

            result = result || EntityNode.IsIn(entity, node, uid);
        }

        return true;
    }
}

/// <summary><c>e is T</c>, or <c>e is T in f</c>; <c>e</c> is evaluated once, <c>f</c> only for the right type.</summary>
internal sealed class IsNode(Expr.Is source, Node target, Node? within) : InNode(source, target, within ?? target)
{
    private readonly EntityTypeName _type = source.Type;
    private readonly Node _target = target;

    public override bool TryTest(ref EvaluationFrame frame, out bool result)
    {
        result = false;
        if (!TryEntity(_target, ref frame, out var entity))
        {
            return false;
        }

        result = entity.Entity.Type.Equals(_type);
        return !result || within is null || TryIsIn(ref frame, entity.Entity, within, out result);
    }
}

/// <summary><c>e.hasTag(k)</c>; false for an entity that is not among the entities.</summary>
internal sealed class HasTagNode(Expr source, Node target, Node key) : TestNode(source)
{
    public override bool TryTest(ref EvaluationFrame frame, out bool result)
    {
        result = false;
        if (!TryEntity(target, ref frame, out var entity) || !TryText(key, ref frame, out var name))
        {
            return false;
        }

        result = frame.Find(entity.Entity)?.Entity.Tags.ContainsKey(name.Text) ?? false;
        return true;
    }
}

/// <summary><c>e.getTag(k)</c>.</summary>
internal sealed class GetTagNode(Expr source, Node target, Node key) : Node(source)
{
    public override bool TryEvaluate(ref EvaluationFrame frame, out Datum result)
    {
        result = default;
        if (!TryEntity(target, ref frame, out var entity) || !TryText(key, ref frame, out var name))
        {
            return false;
        }

        if (frame.Find(entity.Entity) is not { } node)
        {
            return frame.Fail(EvaluationErrorKind.EntityDoesNotExist, Source, null, entity.Entity);
        }

        if (!node.Entity.Tags.TryGetValue(name.Text, out var value))
        {
            return frame.Fail(EvaluationErrorKind.EntityTagDoesNotExist, Source, name.Text, entity.Entity);
        }

        result = Datum.Of(value);
        return true;
    }
}
