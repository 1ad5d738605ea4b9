using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Evaluation;

/// <summary><c>e.name</c>, of a record or an entity.</summary>
internal sealed class GetAttributeNode(Expr.GetAttribute source, Node target) : Node(source)
{
    private readonly string _name = source.Attribute;

    public override bool TryEvaluate(ref EvaluationFrame frame, out Datum result)
    {
        if (!target.TryEvaluate(ref frame, out result))
        {
            return false;
        }

        CedarValue? value;
        switch (result.Kind)
        {
            case CedarValueKind.Record:
                if (!result.Record.TryGetValue(_name, out value))
                {
                    return frame.Fail(EvaluationErrorKind.RecordAttributeDoesNotExist, Source, _name);
                }

                break;
            case CedarValueKind.Entity:
                var uid = result.Entity;
                if (frame.Find(uid) is not { } node)
                {
                    return frame.Fail(EvaluationErrorKind.EntityDoesNotExist, Source, null, uid);
                }

                if (!node.Entity.Attributes.TryGetValue(_name, out value))
                {
                    return frame.Fail(EvaluationErrorKind.EntityAttributeDoesNotExist, Source, _name, uid);
                }

                break;
            default:
                return frame.FailType(Source, "record or entity", result);
        }

        result = Datum.Of(value);
        return true;
    }
}

/// <summary><c>e has a.b.c</c>; false for an entity that is not among the entities.</summary>
internal sealed class HasAttributeNode(Expr.HasAttribute source, Node target) : TestNode(source)
{
    private readonly ImmutableArray<string> _path = source.Path;

    public override bool TryTest(ref EvaluationFrame frame, out bool result)
    {
        result = false;
        if (!target.TryEvaluate(ref frame, out var current))
        {
            return false;
        }

        foreach (var name in _path)
        {
            CedarValue? value;
            switch (current.Kind)
            {
                case CedarValueKind.Record:
                    current.Record.TryGetValue(name, out value);
                    break;
                case CedarValueKind.Entity:
                    value = null;
                    frame.Find(current.Entity)?.Entity.Attributes.TryGetValue(name, out value);
                    break;
                default:
                    return frame.FailType(Source, "record or entity", current);
            }

            if (value is null)
            {
                return true;
            }

            current = Datum.Of(value);
        }

        result = true;
        return true;
    }
}

/// <summary><c>{a: x}</c> with fields that have to be computed.</summary>
internal sealed class RecordNode(Expr source, ImmutableArray<KeyValuePair<string, Node>> fields) : Node(source)
{
    public override bool TryEvaluate(ref EvaluationFrame frame, out Datum result)
    {
        result = default;
        var values = new KeyValuePair<string, CedarValue>[fields.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (!fields[i].Value.TryEvaluate(ref frame, out var value))
            {
                return false;
            }

            values[i] = new(fields[i].Key, value.ToValue());
        }

        result = Datum.Of(new CedarRecord(values));
        return true;
    }
}
