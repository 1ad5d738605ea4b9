using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Formatting;

/// <summary>Writes a policy as text on one line, with the parentheses that its structure needs and no others.</summary>
internal sealed partial class PolicyText
{
    private readonly StringBuilder _text = new();

    /// <summary>Writes one policy or template.</summary>
    public string Write(Policy policy)
    {
        foreach (var annotation in policy.Annotations)
        {
            if (!CedarIdentifier.HasShape(annotation.Name))
            {
                throw new ArgumentException($"`{annotation.Name}` cannot name an annotation", nameof(policy));
            }

            _text.Append('@').Append(annotation.Name).Append('(').Append(CedarText.Quote(annotation.Value)).Append(") ");
        }

        _text.Append(policy.Effect == PolicyEffect.Permit ? "permit (" : "forbid (");
        Write("principal", policy.Principal);
        Write(policy.Action);
        Write("resource", policy.Resource);
        _text.Append(')');
        foreach (var condition in policy.Conditions)
        {
            if (condition.Body.Depth > CedarLimits.MaxDepth)
            {
                throw new ArgumentException($"a condition is nested deeper than {CedarLimits.MaxDepth} levels", nameof(policy));
            }

            _text.Append(condition.IsUnless ? " unless { " : " when { ");
            Write(condition.Body, Binding.If);
            _text.Append(" }");
        }

        return _text.Append(';').ToString();
    }

    private void Write(string variable, ScopeConstraint constraint)
    {
        _text.Append(variable);
        _ = constraint switch
        {
            ScopeConstraint.Equal equal => _text.Append(" == ").Append(EntityOrSlot(equal.Entity)),
            ScopeConstraint.In within => _text.Append(" in ").Append(EntityOrSlot(within.Entity)),
            ScopeConstraint.Is type => _text.Append(" is ").Append(type.Type.Text),
            ScopeConstraint.IsIn isIn => _text.Append(" is ").Append(isIn.Type.Text).Append(" in ").Append(EntityOrSlot(isIn.Entity)),
            _ => _text,
        };
        _text.Append(variable == "principal" ? ", " : "");

        string EntityOrSlot(EntityUid? entity) => entity?.ToString() ?? "?" + variable;
    }

    private void Write(ActionConstraint constraint)
    {
        _text.Append("action");
        _ = constraint switch
        {
            ActionConstraint.Equal equal => _text.Append(" == ").Append(equal.Action),
            ActionConstraint.In { IsList: false, Actions.Length: 1 } within => _text.Append(" in ").Append(within.Actions[0]),
            ActionConstraint.In within => _text.Append(" in [").AppendJoin(", ", within.Actions).Append(']'),
            _ => _text,
        };
        _text.Append(", ");
    }

    private void Write(Expr expression, Binding least)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var needsParentheses = BindingOf(expression) < least;
        if (needsParentheses)
        {
            _text.Append('(');
        }

        Write(expression);
        if (needsParentheses)
        {
            _text.Append(')');
        }
    }

    private static Binding BindingOf(Expr expression) => expression switch
    {
        Expr.If => Binding.If,
        Expr.Or => Binding.Or,
        Expr.And => Binding.And,
        Expr.HasAttribute or Expr.Like or Expr.Is => Binding.Relation,
        Expr.Binary binary => binary.Operator switch
        {
            <= BinaryOperator.GreaterOrEqual or BinaryOperator.In => Binding.Relation,
            BinaryOperator.Add or BinaryOperator.Subtract => Binding.Sum,
            BinaryOperator.Multiply => Binding.Product,
            _ => Binding.Member,
        },
        Expr.Unary { Operator: not UnaryOperator.IsEmpty } => Binding.Unary,
        Expr.Literal { Value: CedarLong { Value: < 0 } } => Binding.Unary,
        _ => Binding.Member,
    };

    private void Write(Expr expression)
    {
        switch (expression)
        {
            case Expr.Literal literal:
                WriteLiteral(literal.Value);
                break;
            case Expr.Variable variable:
                _text.Append(PolicyJsonWriter.VariableName(variable.Name));
                break;
            case Expr.If choice:
                Write("if ", choice.Condition, Binding.If);
                Write(" then ", choice.Then, Binding.If);
                Write(" else ", choice.Otherwise, Binding.If);
                break;
            case Expr.And and:
                Write(and.Left, Binding.And);
                Write(" && ", and.Right, Binding.Relation);
                break;
            case Expr.Or or:
                Write(or.Left, Binding.Or);
                Write(" || ", or.Right, Binding.And);
                break;
            case Expr.Unary unary:
                WriteUnary(unary);
                break;
            case Expr.Binary binary:
                WriteBinary(binary);
                break;
            case Expr.GetAttribute get:
                Write(get.Target, Binding.Member);
                _ = CedarIdentifier.IsValid(get.Attribute)
                    ? _text.Append('.').Append(get.Attribute)
                    : _text.Append('[').Append(CedarText.Quote(get.Attribute)).Append(']');
                break;
            case Expr.HasAttribute has:
                WriteHas(has);
                break;
            case Expr.Like like:
                Write(like.Target, Binding.Sum);
                WritePattern(like.Pattern);
                break;
            case Expr.Is type:
                Write(type.Target, Binding.Sum);
                _text.Append(" is ").Append(type.Type.Text);
                if (type.Within is not null)
                {
                    Write(" in ", type.Within, Binding.Sum);
                }

                break;
            case Expr.Set set:
                WriteList('[', set.Elements, ']');
                break;
            case Expr.Record record:
                WriteRecord(record);
                break;
            case Expr.ExtensionCall call:
                WriteCall(call);
                break;
        }
    }

    private void Write(string before, Expr expression, Binding least)
    {
        _text.Append(before);
        Write(expression, least);
    }

    private void WriteLiteral(CedarValue value)
    {
        _ = value switch
        {
            CedarLong number => _text.Append(CultureInfo.InvariantCulture, $"{number.Value}"),
            CedarBool or CedarString or EntityUid => _text.Append(value),
            _ => throw new ArgumentException($"`{value}` is not a literal of Cedar; build it of sets, records and calls"),
        };
    }

    private enum Binding
    {
        If,
        Or,
        And,
        Relation,
        Sum,
        Product,
        Unary,
        Member,
    }
}
