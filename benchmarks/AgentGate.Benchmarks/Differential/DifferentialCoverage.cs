using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Evaluation;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Benchmarks.Differential;

/// <summary>Counts what the cases reached, from the trees our parser built and the answers our evaluator gave. Not thread-safe.</summary>
internal sealed class DifferentialCoverage
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public DifferentialCoverage()
    {
        // Everything that has to be reached stands in the table from the beginning, with 0.
        string[] forms =
        [
            "literal: Bool", "literal: Long", "literal: String", "literal: Entity", "variable: Principal", "variable: Action", "variable: Resource", "variable: Context",
            "if", "&&", "||", "attribute", "has", "has: chain", "like", "is", "is in", "set", "set: empty", "record", "scope: any", "scope: ==", "scope: in", "scope: is",
            "scope: is in", "scope: slot", "action: any", "action: ==", "action: in", "action: in list", "policy: permit", "policy: forbid", "policy: template", "policy: linked",
            "policy: annotated", "condition: when", "condition: unless", "decision: allow", "decision: deny", "reasons: none", "reasons: one", "reasons: several",
            "validation: valid", "validation: invalid", "policies: refused by the parser", "entities: refused", "context: refused", "request: refused",
        ];
        foreach (var name in forms
            .Concat(Enum.GetNames<BinaryOperator>().Concat(Enum.GetNames<UnaryOperator>()).Select(name => $"operator: {name}"))
            .Concat(Enum.GetNames<ExtensionFunction>().Select(name => $"function: {name}"))
            .Concat(Enum.GetValues<EvaluationErrorKind>()
                .Where(kind => kind is not (EvaluationErrorKind.None or EvaluationErrorKind.WrongNumberOfArguments or EvaluationErrorKind.RecursionLimit))
                .Select(kind => $"error: {kind}")))
        {
            _counts.Add(name, 0);
        }
    }

    public IEnumerable<KeyValuePair<string, long>> Counts => _counts;

    public IEnumerable<string> Missing => _counts.Where(count => count.Value == 0).Select(count => count.Key);

    public void Count(string name) => _counts[name] = _counts.GetValueOrDefault(name) + 1;

    public void Add(DifferentialCoverage other)
    {
        foreach (var (name, count) in other._counts)
        {
            _counts[name] = _counts.GetValueOrDefault(name) + count;
        }
    }

    public void Add(PolicySet set)
    {
        foreach (var policy in set.Policies.Concat(set.Templates))
        {
            Count(policy.Effect == PolicyEffect.Permit ? "policy: permit" : "policy: forbid");
            Count(policy.IsTemplate ? "policy: template" : policy.TemplateId is null ? "policy: static" : "policy: linked");
            Count(policy.Annotations.IsEmpty ? "policy: not annotated" : "policy: annotated");
            Scope(policy.Principal);
            Scope(policy.Resource);
            Count(policy.Action switch { ActionConstraint.Any => "action: any", ActionConstraint.Equal => "action: ==", ActionConstraint.In { IsList: true } => "action: in list", _ => "action: in" });
            foreach (var condition in policy.Conditions)
            {
                Count(condition.IsUnless ? "condition: unless" : "condition: when");
                Add(condition.Body);
            }
        }
    }

    private void Scope(ScopeConstraint scope)
    {
        Count(scope switch { ScopeConstraint.Any => "scope: any", ScopeConstraint.Equal => "scope: ==", ScopeConstraint.In => "scope: in", ScopeConstraint.Is => "scope: is", _ => "scope: is in" });
        Count(scope.HasSlot ? "scope: slot" : "scope: no slot");
    }

    private void Add(Expr expression)
    {
        switch (expression)
        {
            case Expr.Literal literal:
                Count($"literal: {(literal.Value is EntityUid ? "Entity" : literal.Value.Kind.ToString())}");
                break;
            case Expr.Variable variable:
                Count($"variable: {variable.Name}");
                break;
            case Expr.If choice:
                All("if", choice.Condition, choice.Then, choice.Otherwise);
                break;
            case Expr.And and:
                All("&&", and.Left, and.Right);
                break;
            case Expr.Or or:
                All("||", or.Left, or.Right);
                break;
            case Expr.Unary unary:
                All($"operator: {unary.Operator}", unary.Operand);
                break;
            case Expr.Binary binary:
                All($"operator: {binary.Operator}", binary.Left, binary.Right);
                break;
            case Expr.GetAttribute get:
                All("attribute", get.Target);
                break;
            case Expr.HasAttribute has:
                All(has.Path.Length > 1 ? "has: chain" : "has", has.Target);
                break;
            case Expr.Like like:
                All("like", like.Target);
                break;
            case Expr.Is { Within: null } test:
                All("is", test.Target);
                break;
            case Expr.Is test:
                All("is in", test.Target, test.Within!);
                break;
            case Expr.Set set:
                All(set.Elements.IsEmpty ? "set: empty" : "set", [.. set.Elements]);
                break;
            case Expr.Record record:
                All("record", [.. record.Fields.Select(field => field.Value)]);
                break;
            case Expr.ExtensionCall call:
                All($"function: {call.Function}", [.. call.Arguments]);
                break;
        }
    }

    private void All(string name, params ReadOnlySpan<Expr> parts)
    {
        Count(name);
        foreach (var part in parts)
        {
            Add(part);
        }
    }
}
