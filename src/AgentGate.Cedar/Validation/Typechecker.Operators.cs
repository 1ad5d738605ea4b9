using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Validation;

/// <content>Operators and methods with two operands.</content>
internal sealed partial class Typechecker
{
    private const Wanted Ordered = Wanted.Long | Wanted.Datetime | Wanted.Duration;

    private Typing CheckBinary(Expr.Binary binary) => binary.Operator switch
    {
        BinaryOperator.Equal => CheckEqual(binary),
        BinaryOperator.NotEqual => Not(CheckEqual(binary)),
        BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual => CheckOrder(binary),
        BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply => CheckArithmetic(binary),
        BinaryOperator.In => CheckIn(binary),
        BinaryOperator.Contains => CheckContains(binary),
        BinaryOperator.ContainsAll or BinaryOperator.ContainsAny => CheckContainsSet(binary),
        BinaryOperator.HasTag => CheckHasTag(binary),
        _ => CheckGetTag(binary),
    };

    private Typing CheckEqual(Expr.Binary binary)
    {
        var (left, right) = (Check(binary.Left), Check(binary.Right));
        var succeeded = left.Succeeded && right.Succeeded;
        if (left.Type is not null && right.Type is not null && TypeLattice.AreDisjoint(left.Type, right.Type))
        {
            return Typing.Ok(CedarType.False).If(succeeded);
        }

        if (LiteralOf(binary.Left) is { } one && LiteralOf(binary.Right) is { } other)
        {
            return Typing.Ok(one.Equals(other) ? CedarType.True : CedarType.False).If(succeeded);
        }

        return left.Type is null || right.Type is null ? Typing.Failed(CedarType.Bool)
            : MustAgree(binary, "both sides of `==` must have one type", left.Type, right.Type).If(succeeded);
    }

    private Typing CheckOrder(Expr.Binary binary)
    {
        var (left, right) = (Check(binary.Left), Check(binary.Right));
        if (left.Type is null || right.Type is null)
        {
            return Typing.Failed(CedarType.Bool);
        }

        if (Takes(Ordered, left.Type) && Takes(Ordered, right.Type))
        {
            if (left.Type.Equals(right.Type) || left.Type is CedarType.NeverType || right.Type is CedarType.NeverType)
            {
                return Typing.Ok(CedarType.Bool).If(left.Succeeded && right.Succeeded);
            }

            findings.Report(
                ValidationFindingKind.UnexpectedType, binary.Span, $"both sides of a comparison must have one type: these are `{left.Type}` and `{right.Type}`", null);
            return Typing.Failed(CedarType.Bool);
        }

        ReportOrder(binary.Left, left.Type, right.Type);
        ReportOrder(binary.Right, right.Type, left.Type);
        return Typing.Failed(CedarType.Bool);
    }

    private void ReportOrder(Expr side, CedarType type, CedarType other)
    {
        if (!Takes(Ordered, type))
        {
            // When one side can be compared the other must be like it; otherwise any of the three would do.
            findings.Report(
                ValidationFindingKind.UnexpectedType, side.Span,
                $"expected {(Takes(Ordered, other) ? $"`{other}`" : NameOf(Ordered))}, but this is `{type}`",
                type is CedarType.ExtensionType { Kind: CedarValueKind.Decimal } ? "compare decimals with `.lessThan(…)`, `.greaterThanOrEqual(…)` and their like" : null);
        }
    }

    private Typing CheckArithmetic(Expr.Binary binary)
    {
        var left = Expect(binary.Left, Wanted.Long, ArithmeticHelp);
        var right = Expect(binary.Right, Wanted.Long, ArithmeticHelp);
        return Typing.Ok(CedarType.Long).If(left.Succeeded && right.Succeeded);
    }

    private Typing CheckContains(Expr.Binary binary)
    {
        var set = Expect(binary.Left, Wanted.Set, ContainsHelp);
        var element = Check(binary.Right);
        return set.Type is null || element.Type is null ? Typing.Failed(CedarType.Bool)
            : MustAgree(binary, "`.contains(…)` asks for an element of the set's type", (set.Type as CedarType.SetType)?.Element, element.Type)
                .If(set.Succeeded && element.Succeeded);
    }

    private Typing CheckContainsSet(Expr.Binary binary)
    {
        var left = Expect(binary.Left, Wanted.Set, ContainsHelp);
        var right = Expect(binary.Right, Wanted.Set, static _ => "use `.contains(…)` to ask for one element");
        return left.Type is null || right.Type is null ? Typing.Failed(CedarType.Bool)
            : MustAgree(binary, "both sets must have elements of one type", left.Type, right.Type).If(left.Succeeded && right.Succeeded);
    }

    /// <summary>What strict validation adds to equality and containment: types that no value can share are a mistake.</summary>
    private Typing MustAgree(Expr.Binary binary, string rule, CedarType? left, CedarType? right)
    {
        if (!lattice.IsStrict || left is null || right is null || lattice.Join(left, right, out var conflict) is not null)
        {
            return Typing.Ok(CedarType.Bool);
        }

        ReportConflict(binary.Span, rule, left, right, conflict);
        return Typing.Failed(CedarType.Bool);
    }

    /// <summary>The value an expression is literally; the variable <c>action</c> counts, for its value is known in every environment.</summary>
    private CedarValue? LiteralOf(Expr expression) => expression switch
    {
        Expr.Literal literal => literal.Value,
        Expr.Variable { Name: RequestVariable.Action } => _environment.Action,
        (Expr.And or Expr.Or) when ExpressionShapes.FoldedBoolean(expression) is { } boolean => CedarBool.Of(boolean),
        _ => null,
    };
}
