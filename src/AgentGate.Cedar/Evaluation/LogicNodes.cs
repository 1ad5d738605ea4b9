using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Evaluation;

/// <summary>A value known when the policy was compiled.</summary>
internal sealed class ConstantNode(Expr source, Datum value) : Node(source)
{
    public Datum Value { get; } = value;

    public override bool TryEvaluate(ref EvaluationFrame frame, out Datum result)
    {
        result = Value;
        return true;
    }
}

/// <summary>Something that fails whenever it is reached.</summary>
internal sealed class FailingNode(Expr source, EvaluationErrorKind kind, string? expected, object? found) : Node(source)
{
    public override bool TryEvaluate(ref EvaluationFrame frame, out Datum result)
    {
        result = default;
        return frame.Fail(kind, Source, expected, found);
    }
}

internal sealed class VariableNode(Expr.Variable source) : Node(source)
{
    private readonly RequestVariable _name = source.Name;

    public override bool TryEvaluate(ref EvaluationFrame frame, out Datum result)
    {
        result = Datum.Of(_name switch
        {
            RequestVariable.Principal => frame.Request.Principal,
            RequestVariable.Action => frame.Request.Action,
            RequestVariable.Resource => frame.Request.Resource,
            _ => (Entities.CedarValue)frame.Request.Context,
        });
        return true;
    }
}

internal sealed class IfNode(Expr source, Node condition, Node then, Node otherwise) : Node(source)
{
    public override bool TryEvaluate(ref EvaluationFrame frame, out Datum result)
    {
        if (condition.TryTest(ref frame, out var truth))
        {
            return (truth ? then : otherwise).TryEvaluate(ref frame, out result);
        }

        result = default;
        return false;
    }
}

internal sealed class AndNode(Expr source, Node left, Node right) : TestNode(source)
{
    public override bool TryTest(ref EvaluationFrame frame, out bool result)
        => left.TryTest(ref frame, out result) && (!result || right.TryTest(ref frame, out result));
}

internal sealed class OrNode(Expr source, Node left, Node right) : TestNode(source)
{
    public override bool TryTest(ref EvaluationFrame frame, out bool result)
        => left.TryTest(ref frame, out result) && (result || right.TryTest(ref frame, out result));
}

internal sealed class NotNode(Expr source, Node operand) : TestNode(source)
{
    public override bool TryTest(ref EvaluationFrame frame, out bool result)
    {
        var succeeded = operand.TryTest(ref frame, out var truth);
        result = !truth;
        return succeeded;
    }
}
