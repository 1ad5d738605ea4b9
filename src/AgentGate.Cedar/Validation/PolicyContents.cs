using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Validation;

/// <summary>What a policy names, in its scope and in its conditions, gathered in one walk that is not recursive.</summary>
internal sealed class PolicyContents
{
    private readonly Policy _policy;
    private readonly SourceSpan _head;

    private PolicyContents(Policy policy)
    {
        _policy = policy;
        _head = HeadOf(policy);
    }

    /// <summary>The entities that stand literally in the policy.</summary>
    public List<(EntityUid Entity, SourceSpan Span)> Entities { get; } = [];

    /// <summary>The entity types that stand literally in the policy, those of entities included.</summary>
    public List<(EntityTypeName Type, SourceSpan Span)> Types { get; } = [];

    /// <summary>The texts in strings and names.</summary>
    public List<(string Text, bool IsIdentifier, SourceSpan Span)> Texts { get; } = [];

    /// <summary>Which parts of the request the conditions look at.</summary>
    public HashSet<RequestVariable> Variables { get; } = [];

    public static PolicyContents Of(Policy policy)
    {
        var contents = new PolicyContents(policy);
        contents.AddScope(policy.Principal);
        switch (policy.Action)
        {
            case ActionConstraint.Equal equal:
                contents.AddInHead(equal.Action);
                break;
            case ActionConstraint.In within:
                foreach (var action in within.Actions)
                {
                    contents.AddInHead(action);
                }

                break;
        }

        contents.AddScope(policy.Resource);
        contents.Walk(policy.Conditions.Select(static condition => condition.Body));
        return contents;
    }

    private void AddScope(ScopeConstraint constraint)
    {
        var (type, entity) = constraint switch
        {
            ScopeConstraint.Equal equal => (null, equal.Entity),
            ScopeConstraint.In within => (null, within.Entity),
            ScopeConstraint.Is test => (test.Type, null),
            ScopeConstraint.IsIn test => (test.Type, test.Entity),
            _ => ((EntityTypeName?)null, (EntityUid?)null),
        };
        if (type is not null)
        {
            Add(type, Locate(type.Text));
        }

        if (entity is not null)
        {
            AddInHead(entity);
        }
    }

    private void AddInHead(EntityUid entity) => Add(entity, Locate(entity.ToString()) is var span && span != _policy.Span ? span : Locate(entity.Type.Text));

    private void Walk(IEnumerable<Expr> roots)
    {
        var open = new Stack<Expr>(roots.Reverse());
        while (open.TryPop(out var expression))
        {
            switch (expression)
            {
                case Expr.Literal { Value: EntityUid entity }:
                    Add(entity, expression.Span);
                    break;
                case Expr.Literal { Value: CedarString text }:
                    Texts.Add((text.Value, false, expression.Span));
                    break;
                case Expr.Variable variable:
                    Variables.Add(variable.Name);
                    break;
                case Expr.Is test:
                    Add(test.Type, expression.Span);
                    break;
                case Expr.GetAttribute get:
                    Texts.Add((get.Attribute, true, expression.Span));
                    break;
                case Expr.HasAttribute has:
                    Texts.AddRange(has.Path.Select(name => (name, true, expression.Span)));
                    break;
                case Expr.Like like:
                    Texts.Add((string.Join('*', like.Pattern.Pieces), false, expression.Span));
                    break;
                case Expr.Record record:
                    Texts.AddRange(record.Fields.Select(field => (field.Key, true, field.Value.Span)));
                    break;
            }

            PushChildren(open, expression);
        }
    }

    private static void PushChildren(Stack<Expr> open, Expr expression)
    {
        IEnumerable<Expr> children = expression switch
        {
            Expr.If branch => [branch.Condition, branch.Then, branch.Otherwise],
            Expr.And conjunction => [conjunction.Left, conjunction.Right],
            Expr.Or disjunction => [disjunction.Left, disjunction.Right],
            Expr.Unary unary => [unary.Operand],
            Expr.Binary binary => [binary.Left, binary.Right],
            Expr.GetAttribute get => [get.Target],
            Expr.HasAttribute has => [has.Target],
            Expr.Like like => [like.Target],
            Expr.Is test => test.Within is null ? [test.Target] : [test.Target, test.Within],
            Expr.Set set => set.Elements,
            Expr.Record record => record.Fields.Select(static field => field.Value),
            Expr.ExtensionCall call => call.Arguments,
            _ => [],
        };
        foreach (var child in children.Reverse())
        {
            open.Push(child);
        }
    }

    private void Add(EntityUid entity, SourceSpan span)
    {
        Entities.Add((entity, span));
        Add(entity.Type, span);
        Texts.Add((entity.Id, true, span));
    }

    private void Add(EntityTypeName type, SourceSpan span) => Types.Add((type, span));

    /// <summary>Where a name stands in the scope, which keeps no places of its own; the whole policy when it is written with spaces or comments inside.</summary>
    private SourceSpan Locate(string text)
    {
        if (_policy.Source is not { } source || _head.Length == 0)
        {
            return _policy.Span;
        }

        var at = source.IndexOf(text, _head.Start, _head.Length, StringComparison.Ordinal);
        return at < 0 ? _policy.Span : new SourceSpan(at, text.Length);
    }

    /// <summary>The part between the annotations and the first condition.</summary>
    private static SourceSpan HeadOf(Policy policy)
    {
        if (policy.Source is not { } source || policy.Span.Start < 0 || policy.Span.End > source.Length)
        {
            return new SourceSpan(0, 0);
        }

        var start = policy.Annotations.Aggregate(policy.Span.Start, static (end, annotation) => Math.Max(end, annotation.Span.End));
        var end = policy.Conditions.IsEmpty || policy.Conditions[0].Span.Start < start ? policy.Span.End : policy.Conditions[0].Span.Start;
        return new SourceSpan(start, Math.Max(0, end - start));
    }
}
