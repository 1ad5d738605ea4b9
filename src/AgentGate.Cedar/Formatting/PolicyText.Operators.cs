using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Formatting;

/// <content>Operators, calls, sets and records.</content>
internal sealed partial class PolicyText
{
    /// <summary>The grammar takes no more of one operator in a row.</summary>
    private const int MaxUnaryOperators = 4;

    private void WriteUnary(Expr.Unary unary)
    {
        if (unary.Operator == UnaryOperator.IsEmpty)
        {
            Write(unary.Operand, Binding.Member);
            _text.Append(".isEmpty()");
            return;
        }

        Expr operand = unary;
        for (var i = 0; i < MaxUnaryOperators && operand is Expr.Unary inner && inner.Operator == unary.Operator; i++)
        {
            _text.Append(unary.Operator == UnaryOperator.Not ? '!' : '-');
            operand = inner.Operand;
        }

        if (unary.Operator == UnaryOperator.Negate && operand is Expr.Literal { Value: CedarLong })
        {
            // Without parentheses the minus would become part of the literal.
            _text.Append('(');
            Write(operand);
            _text.Append(')');
        }
        else
        {
            Write(operand, Binding.Member);
        }
    }

    private void WriteBinary(Expr.Binary binary)
    {
        var binding = BindingOf(binary);
        if (binding == Binding.Member)
        {
            Write(binary.Left, Binding.Member);
            _text.Append('.').Append(PolicyJsonWriter.KeyOf(binary.Operator));
            WriteList('(', [binary.Right], ')');
            return;
        }

        // Relations do not chain; the others go on to the left.
        Write(binary.Left, binding == Binding.Relation ? Binding.Sum : binding);
        _text.Append(' ').Append(PolicyJsonWriter.KeyOf(binary.Operator)).Append(' ');
        Write(binary.Right, binding + 1);
    }

    private void WriteHas(Expr.HasAttribute has)
    {
        Write(has.Target, Binding.Sum);
        _text.Append(" has ");
        if (has.Path.Length == 1)
        {
            _text.Append(CedarIdentifier.IsValid(has.Path[0]) ? has.Path[0] : CedarText.Quote(has.Path[0]));
        }
        else if (has.Path.All(static name => CedarIdentifier.IsValid(name)))
        {
            _text.AppendJoin('.', has.Path);
        }
        else
        {
            throw new ArgumentException("a path of `has` can only be written when each name is an identifier");
        }
    }

    private void WritePattern(LikePattern pattern)
    {
        _text.Append(" like \"");
        for (var i = 0; i < pattern.Pieces.Length; i++)
        {
            _text.Append(i == 0 ? "" : "*");
            CedarText.AppendEscaped(_text, pattern.Pieces[i], escapeStar: true);
        }

        _text.Append('"');
    }

    private void WriteCall(Expr.ExtensionCall call)
    {
        var arguments = call.Arguments;
        if (ExtensionNames.IsMethod(call.Function))
        {
            if (arguments.IsEmpty)
            {
                throw new ArgumentException($"the method `{ExtensionNames.Spelling(call.Function)}` needs the value it is called on");
            }

            Write(arguments[0], Binding.Member);
            _text.Append('.');
            arguments = arguments.RemoveAt(0);
        }

        _text.Append(ExtensionNames.Spelling(call.Function));
        WriteList('(', arguments, ')');
    }

    private void WriteList(char open, ImmutableArray<Expr> elements, char close)
    {
        _text.Append(open);
        for (var i = 0; i < elements.Length; i++)
        {
            Write(i == 0 ? "" : ", ", elements[i], Binding.If);
        }

        _text.Append(close);
    }

    private void WriteRecord(Expr.Record record)
    {
        _text.Append('{');
        for (var i = 0; i < record.Fields.Length; i++)
        {
            var (name, value) = record.Fields[i];
            _text.Append(i == 0 ? "" : ", ").Append(CedarIdentifier.IsValid(name) ? name : CedarText.Quote(name));
            Write(": ", value, Binding.If);
        }

        _text.Append('}');
    }
}
