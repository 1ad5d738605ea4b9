using System.Runtime.CompilerServices;
using System.Text;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Syntax;

/// <content>Expressions.</content>
internal sealed partial class PolicyJsonWriter
{
    /// <summary>The key of an operator.</summary>
    public static string KeyOf(BinaryOperator op) => op switch
    {
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.In => "in",
        BinaryOperator.Contains => "contains",
        BinaryOperator.ContainsAll => "containsAll",
        BinaryOperator.ContainsAny => "containsAny",
        BinaryOperator.HasTag => "hasTag",
        _ => "getTag",
    };

    private void Write(Expr expression)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        _json.WriteStartObject();
        switch (expression)
        {
            case Expr.Literal literal:
                WriteLiteral(literal.Value);
                break;
            case Expr.Variable variable:
                _json.WriteString("Var", VariableName(variable.Name));
                break;
            case Expr.If choice:
                _json.WriteStartObject("if-then-else");
                Write("if", choice.Condition);
                Write("then", choice.Then);
                Write("else", choice.Otherwise);
                _json.WriteEndObject();
                break;
            case Expr.And and:
                Write("&&", and.Left, and.Right);
                break;
            case Expr.Or or:
                Write("||", or.Left, or.Right);
                break;
            case Expr.Binary binary:
                Write(KeyOf(binary.Operator), binary.Left, binary.Right);
                break;
            case Expr.Unary unary:
                _json.WriteStartObject(unary.Operator switch { UnaryOperator.Not => "!", UnaryOperator.Negate => "neg", _ => "isEmpty" });
                Write("arg", unary.Operand);
                _json.WriteEndObject();
                break;
            case Expr.GetAttribute get:
                _json.WriteStartObject(".");
                Write("left", get.Target);
                _json.WriteString("attr", get.Attribute);
                _json.WriteEndObject();
                break;
            case Expr.HasAttribute has:
                WriteHas(has);
                break;
            case Expr.Like like:
                WriteLike(like);
                break;
            case Expr.Is type:
                _json.WriteStartObject("is");
                Write("left", type.Target);
                _json.WriteString("entity_type", type.Type.Text);
                if (type.Within is not null)
                {
                    Write("in", type.Within);
                }

                _json.WriteEndObject();
                break;
            case Expr.Set set:
                WriteList("Set", set.Elements);
                break;
            case Expr.Record record:
                _json.WriteStartObject("Record");
                foreach (var field in record.Fields.OrderBy(static field => field.Key, CodePointOrder.Instance))
                {
                    Write(field.Key, field.Value);
                }

                _json.WriteEndObject();
                break;
            case Expr.ExtensionCall call:
                WriteList(ExtensionNames.Spelling(call.Function), call.Arguments);
                break;
        }

        _json.WriteEndObject();
    }

    /// <summary>The variable as Cedar writes it.</summary>
    public static string VariableName(RequestVariable variable) => variable switch
    {
        RequestVariable.Principal => "principal",
        RequestVariable.Action => "action",
        RequestVariable.Resource => "resource",
        _ => "context",
    };

    private void Write(string key, Expr expression)
    {
        _json.WritePropertyName(key);
        Write(expression);
    }

    private void Write(string key, Expr left, Expr right)
    {
        _json.WriteStartObject(key);
        Write("left", left);
        Write("right", right);
        _json.WriteEndObject();
    }

    private void WriteList(string key, IEnumerable<Expr> elements)
    {
        _json.WriteStartArray(key);
        foreach (var element in elements)
        {
            Write(element);
        }

        _json.WriteEndArray();
    }

    private void WriteLiteral(CedarValue value)
    {
        switch (value)
        {
            case CedarBool boolean:
                _json.WriteBoolean("Value", boolean.Value);
                break;
            case CedarLong number:
                _json.WriteNumber("Value", number.Value);
                break;
            case CedarString text:
                _json.WriteString("Value", text.Value);
                break;
            case EntityUid entity:
                _json.WriteStartObject("Value");
                WriteEntity("__entity", entity);
                _json.WriteEndObject();
                break;
            default:
                throw new ArgumentException($"`{value}` is not a literal of Cedar; build it of sets, records and calls");
        }
    }

    /// <summary>A path is one list, as Cedar 4.13 writes it: written out as one check after the other it would grow with its square.</summary>
    private void WriteHas(Expr.HasAttribute has)
    {
        _json.WriteStartObject("has");
        Write("left", has.Target);
        if (has.Path.Length == 1)
        {
            _json.WriteString("attr", has.Path[0]);
        }
        else
        {
            _json.WriteStartArray("attr");
            foreach (var name in has.Path)
            {
                _json.WriteStringValue(name);
            }

            _json.WriteEndArray();
        }

        _json.WriteEndObject();
    }

    private void WriteLike(Expr.Like like)
    {
        _json.WriteStartObject("like");
        Write("left", like.Target);
        _json.WriteStartArray("pattern");
        for (var i = 0; i < like.Pattern.Pieces.Length; i++)
        {
            if (i > 0)
            {
                _json.WriteStringValue("Wildcard");
            }

            // The format has one literal for each character.
            foreach (var rune in like.Pattern.Pieces[i].EnumerateRunes())
            {
                _json.WriteStartObject();
                _json.WriteString("Literal", rune.ToString());
                _json.WriteEndObject();
            }
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    /// <summary>The order of UTF-8 bytes, which is that of code points and not that of UTF-16.</summary>
    private sealed class CodePointOrder : IComparer<string>
    {
        public static CodePointOrder Instance { get; } = new();

        public int Compare(string? x, string? y)
        {
            var left = x.AsSpan();
            var right = y.AsSpan();
            var common = left.CommonPrefixLength(right);
            if (common == left.Length || common == right.Length)
            {
                return left.Length - right.Length;
            }

            // The first halves of a pair may be equal: step back to the start of the character.
            common -= common > 0 && char.IsLowSurrogate(left[common]) && char.IsLowSurrogate(right[common]) ? 1 : 0;
            return Rune.GetRuneAt(x!, common).CompareTo(Rune.GetRuneAt(y!, common));
        }
    }
}
