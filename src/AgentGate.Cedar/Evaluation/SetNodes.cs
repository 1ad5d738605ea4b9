using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Evaluation;

/// <summary><c>[a, b]</c> with elements that have to be computed.</summary>
internal sealed class SetNode(Expr source, ImmutableArray<Node> elements) : Node(source)
{
    public override bool TryEvaluate(ref EvaluationFrame frame, out Datum result)
    {
        result = default;
        var values = new CedarValue[elements.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (!elements[i].TryEvaluate(ref frame, out var value))
            {
                return false;
            }

            values[i] = value.ToValue();
        }

        result = Datum.Of(new CedarSet(values));
        return true;
    }
}

internal sealed class IsEmptyNode(Expr source, Node operand) : TestNode(source)
{
    public override bool TryTest(ref EvaluationFrame frame, out bool result)
    {
        result = false;
        if (!TrySet(operand, ref frame, out var set))
        {
            return false;
        }

        result = set.Set.Count == 0;
        return true;
    }
}

internal sealed class ContainsNode(Expr source, Node left, Node right) : TestNode(source)
{
    public override bool TryTest(ref EvaluationFrame frame, out bool result)
    {
        result = false;
        if (!TrySet(left, ref frame, out var set) || !right.TryEvaluate(ref frame, out var element))
        {
            return false;
        }

        result = set.Set.Contains(element.ToValue());
        return true;
    }
}

/// <summary><c>containsAll</c> and <c>containsAny</c>.</summary>
internal sealed class ContainsManyNode(Expr source, Node left, Node right, bool all) : TestNode(source)
{
    public override bool TryTest(ref EvaluationFrame frame, out bool result)
    {
        result = false;
        if (!TrySet(left, ref frame, out var set) || !TrySet(right, ref frame, out var wanted))
        {
            return false;
        }

        result = all;
        foreach (var element in wanted.Set.Elements)
        {
            if (set.Set.Contains(element) != all)
            {
                result = !all;
                return true;
            }
        }

        return true;
    }
}

/// <summary><c>s like "pattern"</c>: the pieces in order, the first at the start and the last at the end.</summary>
internal sealed class LikeNode(Expr.Like source, Node target) : TestNode(source)
{
    private readonly ImmutableArray<string> _pieces = source.Pattern.Pieces;

    public override bool TryTest(ref EvaluationFrame frame, out bool result)
    {
        result = false;
        if (!TryText(target, ref frame, out var text))
        {
            return false;
        }

        result = Matches(text.Text);
        return true;
    }

    private bool Matches(ReadOnlySpan<char> text)
    {
        if (_pieces.Length == 1)
        {
            return text.SequenceEqual(_pieces[0]);
        }

        var (first, last) = (_pieces[0], _pieces[^1]);
        if (text.Length < first.Length + last.Length || !text.StartsWith(first, StringComparison.Ordinal) || !text.EndsWith(last, StringComparison.Ordinal))
        {
            return false;
        }

        // Taking each middle piece as early as possible leaves the most room for the next: no way back is needed.
        text = text[first.Length..^last.Length];
        for (var i = 1; i < _pieces.Length - 1; i++)
        {
            var at = text.IndexOf(_pieces[i], StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            text = text[(at + _pieces[i].Length)..];
        }

        return true;
    }
}
