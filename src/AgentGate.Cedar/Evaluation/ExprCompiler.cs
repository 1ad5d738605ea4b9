using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Evaluation;

/// <summary>Turns expressions into steps once, so that evaluating decides nothing twice. What does not depend on the request is computed here.</summary>
internal static class ExprCompiler
{
    public static Node Compile(Expr expr) => Compile(expr, 0);

    private static Node Compile(Expr expr, int depth)
    {
        // A tree that was built, not parsed, may be deeper than evaluation can follow.
        if (depth > CedarLimits.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return new FailingNode(expr, EvaluationErrorKind.RecursionLimit, null, null);
        }

        depth++;
        return expr switch
        {
            Expr.Literal literal => new ConstantNode(expr, Datum.Of(literal.Value)),
            Expr.Variable variable => new VariableNode(variable),
            Expr.If choice => new IfNode(expr, Compile(choice.Condition, depth), Compile(choice.Then, depth), Compile(choice.Otherwise, depth)),
            Expr.And and => new AndNode(expr, Compile(and.Left, depth), Compile(and.Right, depth)),
            Expr.Or or => new OrNode(expr, Compile(or.Left, depth), Compile(or.Right, depth)),
            Expr.Unary unary => CompileUnary(unary, Compile(unary.Operand, depth)),
            Expr.Binary binary => CompileBinary(binary, Compile(binary.Left, depth), Compile(binary.Right, depth)),
            Expr.GetAttribute get => new GetAttributeNode(get, Compile(get.Target, depth)),
            Expr.HasAttribute has => new HasAttributeNode(has, Compile(has.Target, depth)),
            Expr.Like like => new LikeNode(like, Compile(like.Target, depth)),
            Expr.Is isType => new IsNode(isType, Compile(isType.Target, depth), isType.Within is { } within ? Compile(within, depth) : null),
            Expr.Set set => CompileSet(set, depth),
            Expr.Record record => CompileRecord(record, depth),
            Expr.ExtensionCall call => CompileCall(call, depth),
            _ => throw new NotSupportedException($"there is no such expression as {expr.GetType().Name}"),
        };
    }

    private static Node CompileUnary(Expr.Unary unary, Node operand) => unary.Operator switch
    {
        UnaryOperator.Not => new NotNode(unary, operand),
        UnaryOperator.Negate => new NegateNode(unary, operand),
        _ => new IsEmptyNode(unary, operand),
    };

    private static Node CompileBinary(Expr.Binary binary, Node left, Node right) => binary.Operator switch
    {
        BinaryOperator.Equal => new EqualNode(binary, left, right, negated: false),
        BinaryOperator.NotEqual => new EqualNode(binary, left, right, negated: true),
        BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual
            => new CompareNode(binary, left, right),
        BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply => new ArithmeticNode(binary, left, right),
        BinaryOperator.In => new InNode(binary, left, right),
        BinaryOperator.Contains => new ContainsNode(binary, left, right),
        BinaryOperator.ContainsAll => new ContainsManyNode(binary, left, right, all: true),
        BinaryOperator.ContainsAny => new ContainsManyNode(binary, left, right, all: false),
        BinaryOperator.HasTag => new HasTagNode(binary, left, right),
        _ => new GetTagNode(binary, left, right),
    };

    private static Node CompileSet(Expr.Set set, int depth)
    {
        ImmutableArray<Node> elements = [.. set.Elements.Select(element => Compile(element, depth))];
        return elements.All(static element => element is ConstantNode)
            ? new ConstantNode(set, Datum.Of(new CedarSet(elements.Select(static element => ((ConstantNode)element).Value.ToValue()))))
            : new SetNode(set, elements);
    }

    private static Node CompileRecord(Expr.Record record, int depth)
    {
        ImmutableArray<KeyValuePair<string, Node>> fields =
            [.. record.Fields.Select(field => KeyValuePair.Create(field.Key, Compile(field.Value, depth)))];
        return fields.All(static field => field.Value is ConstantNode)
            ? new ConstantNode(record, Datum.Of(new CedarRecord(
                fields.Select(static field => KeyValuePair.Create(field.Key, ((ConstantNode)field.Value).Value.ToValue())))))
            : new RecordNode(record, fields);
    }

    private static Node CompileCall(Expr.ExtensionCall call, int depth)
    {
        var signature = ExtensionSignature.Of(call.Function);
        if (call.Arguments.Length != signature.Parameters.Length)
        {
            return new FailingNode(call, EvaluationErrorKind.WrongNumberOfArguments, signature.Name, null);
        }

        var first = Compile(call.Arguments[0], depth);
        if (signature.IsMethod)
        {
            return call.Arguments.Length == 1
                ? new ExtensionMethodNode(call, first)
                : new ExtensionOperatorNode(call, first, Compile(call.Arguments[1], depth));
        }

        return first is ConstantNode { Value: { Kind: CedarValueKind.String } text } && ExtensionText.TryConstruct(call.Function, text.Text, out var value)
            ? new ConstantNode(call, Datum.Of(value))
            : new ConstructorNode(call, first);
    }
}
