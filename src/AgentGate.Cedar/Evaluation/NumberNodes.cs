using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Evaluation;

internal sealed class NegateNode(Expr source, Node operand) : Node(source)
{
    public override bool TryEvaluate(ref EvaluationFrame frame, out Datum result)
    {
        if (!operand.TryEvaluate(ref frame, out result))
        {
            return false;
        }

        if (result.Kind != CedarValueKind.Long)
        {
            return frame.FailType(Source, "long", result);
        }

        if (result.Bits == long.MinValue)
        {
            return frame.Fail(EvaluationErrorKind.IntegerOverflow, Source, $"-({result.Bits})");
        }

        result = Datum.Of(-result.Bits);
        return true;
    }
}

/// <summary><c>+</c>, <c>-</c> and <c>*</c> on 64 bits; leaving them is an error.</summary>
internal sealed class ArithmeticNode(Expr.Binary source, Node left, Node right) : Node(source)
{
    private readonly BinaryOperator _operator = source.Operator;

    public override bool TryEvaluate(ref EvaluationFrame frame, out Datum result)
    {
        if (!left.TryEvaluate(ref frame, out var a) || !right.TryEvaluate(ref frame, out var b))
        {
            result = default;
            return false;
        }

        result = a;
        if (a.Kind != CedarValueKind.Long)
        {
            return frame.FailType(Source, "long", a);
        }

        if (b.Kind != CedarValueKind.Long)
        {
            return frame.FailType(Source, "long", b);
        }

        var (x, y) = (a.Bits, b.Bits);
        long value;
        bool overflows;
        switch (_operator)
        {
            case BinaryOperator.Add:
                value = unchecked(x + y);
                overflows = ((x ^ value) & (y ^ value)) < 0;
                break;
            case BinaryOperator.Subtract:
                value = unchecked(x - y);
                overflows = ((x ^ y) & (x ^ value)) < 0;
                break;
            default:
                var product = Math.BigMul(x, y);
                value = (long)product;
                overflows = product != value;
                break;
        }

        result = Datum.Of(value);
        return !overflows || frame.Fail(EvaluationErrorKind.IntegerOverflow, Source, _operator switch
        {
            BinaryOperator.Add => $"{x} + {y}",
            BinaryOperator.Subtract => $"{x} - {y}",
            _ => $"{x} * {y}",
        });
    }
}

/// <summary><c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c> on longs, datetimes or durations; the operands must be of one type.</summary>
internal sealed class CompareNode(Expr.Binary source, Node left, Node right) : TestNode(source)
{
    private readonly BinaryOperator _operator = source.Operator;

    public override bool TryTest(ref EvaluationFrame frame, out bool result)
    {
        result = false;
        if (!left.TryEvaluate(ref frame, out var a) || !right.TryEvaluate(ref frame, out var b))
        {
            return false;
        }

        if (a.Kind is not (CedarValueKind.Long or CedarValueKind.Datetime or CedarValueKind.Duration))
        {
            return frame.FailType(Source, "long, datetime or duration", a);
        }

        if (b.Kind != a.Kind)
        {
            return frame.FailType(Source, a.Kind.ToCedarName(), b);
        }

        result = _operator switch
        {
            BinaryOperator.Less => a.Bits < b.Bits,
            BinaryOperator.LessOrEqual => a.Bits <= b.Bits,
            BinaryOperator.Greater => a.Bits > b.Bits,
            _ => a.Bits >= b.Bits,
        };
        return true;
    }
}

internal sealed class EqualNode(Expr source, Node left, Node right, bool negated) : TestNode(source)
{
    public override bool TryTest(ref EvaluationFrame frame, out bool result)
    {
        if (left.TryEvaluate(ref frame, out var a) && right.TryEvaluate(ref frame, out var b))
        {
            result = a.IsEqualTo(b) != negated;
            return true;
        }

        result = false;
        return false;
    }
}
