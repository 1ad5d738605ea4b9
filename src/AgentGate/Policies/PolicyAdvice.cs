using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

namespace AgentGate.Policies;

/// <summary>What fits the schema and still does not mean what its author will think: case, above all.</summary>
internal static class PolicyAdvice
{
    /// <summary>Warnings about the policies of a set, in their order.</summary>
    public static ImmutableArray<ValidationFinding> Of(PolicySet policies)
        => [.. policies.Policies.Concat(policies.Templates).SelectMany(static policy => new Reader(policy).Read())];

    private static bool IsFolded(string text) => string.Equals(Spelling.Fold(text), text, StringComparison.Ordinal);

    /// <summary>Reads one policy.</summary>
    private sealed class Reader(Policy policy)
    {
        private readonly List<ValidationFinding> _findings = [];
        private readonly bool _isForbid = policy.Effect == PolicyEffect.Forbid;

        public List<ValidationFinding> Read()
        {
            Scope(policy.Principal);
            Scope(policy.Resource);
            foreach (var condition in policy.Conditions)
            {
                Walk(condition.Body, isException: condition.IsUnless);
            }

            return _findings;
        }

        private void Scope(ScopeConstraint scope)
        {
            switch (scope)
            {
                case ScopeConstraint.Equal { Entity: { } entity }:
                    Equal(entity, policy.Span);
                    break;
                case ScopeConstraint.In { Entity: { } entity }:
                    In(entity, policy.Span, isException: false);
                    break;
                case ScopeConstraint.IsIn { Entity: { } entity }:
                    In(entity, policy.Span, isException: false);
                    break;
            }
        }

        /// <summary>Parsers bound how deep an expression is, so that walking it is safe.</summary>
        private void Walk(Expr expression, bool isException)
        {
            switch (expression)
            {
                case Expr.Like { Target: Expr.GetAttribute { Attribute: "key" } } like when !like.Pattern.Pieces.All(IsFolded):
                case Expr.Binary { Operator: BinaryOperator.Equal, Left: Expr.GetAttribute { Attribute: "key" }, Right: Expr.Literal { Value: CedarString text } } when !IsFolded(text.Value):
                    Say(ValidationFindingKind.ImpossiblePolicy, expression.Span, "`key` is always in lower case, so this is never true", "write the text in lower case");
                    break;
                case Expr.Like { Target: Expr.GetAttribute { Attribute: "id", Target: Expr.Variable { Name: RequestVariable.Resource } } } when _isForbid && !isException:
                    Say(ValidationFindingKind.ConfusableText, expression.Span, "another case of the name slips past this forbid", "compare `resource.key` with the text in lower case");
                    break;
                case Expr.Binary { Operator: BinaryOperator.Equal, Right: Expr.Literal { Value: EntityUid entity } } equal when equal.Left is Expr.Variable && !isException:
                    Equal(entity, expression.Span);
                    break;
                case Expr.Binary { Operator: BinaryOperator.In, Right: Expr.Literal { Value: EntityUid entity } }:
                    In(entity, expression.Span, isException);
                    break;
            }

            foreach (var child in Children(expression))
            {
                Walk(child, isException || expression is Expr.Unary { Operator: UnaryOperator.Not });
            }
        }

        private void Equal(EntityUid entity, SourceSpan span)
        {
            if (_isForbid && entity.Type == PolicyNames.Tool)
            {
                Say(ValidationFindingKind.ConfusableText, span, $"this forbid holds for `{entity}` in this case of its letters alone", "write `in` instead of `==`, and the id in lower case");
            }
        }

        private void In(EntityUid entity, SourceSpan span, bool isException)
        {
            if (IsFolded(entity.Id))
            {
                return;
            }

            if (entity.Type == PolicyNames.Role || entity.Type == PolicyNames.Host)
            {
                Say(ValidationFindingKind.ImpossiblePolicy, span, $"nothing is ever in `{entity}`: ids of this type are in lower case", "write the id in lower case");
            }
            else if (_isForbid && !isException && PolicyNames.HasCase(entity.Type))
            {
                Say(ValidationFindingKind.ConfusableText, span, $"this forbid holds for `{entity}` in this case of its letters alone", "write the id in lower case: then it holds for every case");
            }
        }

        private void Say(ValidationFindingKind kind, SourceSpan span, string message, string help)
            => _findings.Add(new ValidationFinding(
                kind,
                (policy.Source is { } source ? CedarDiagnostic.At(source, span, message, help) : new CedarDiagnostic(message) { Help = help }) with { PolicyId = policy.Id }));
    }

    private static IEnumerable<Expr> Children(Expr expression) => expression switch
    {
        Expr.If choice => [choice.Condition, choice.Then, choice.Otherwise],
        Expr.And both => [both.Left, both.Right],
        Expr.Or either => [either.Left, either.Right],
        Expr.Unary unary => [unary.Operand],
        Expr.Binary binary => [binary.Left, binary.Right],
        Expr.GetAttribute get => [get.Target],
        Expr.HasAttribute has => [has.Target],
        Expr.Like like => [like.Target],
        Expr.Is { Within: { } within } test => [test.Target, within],
        Expr.Is test => [test.Target],
        Expr.Set set => set.Elements,
        Expr.Record record => record.Fields.Select(static field => field.Value),
        Expr.ExtensionCall call => call.Arguments,
        _ => [],
    };
}
