using System.Collections.Immutable;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Syntax;

/// <content>Policies, their annotations, scopes and conditions.</content>
internal sealed partial class PolicyParser
{
    private Policy? ParsePolicy()
    {
        var start = _token.Span;
        if (ParseAnnotations() is not { } annotations || ParseEffect() is not { } effect || !Expect(TokenKind.LeftParenthesis, "`(`"))
        {
            return null;
        }

        var scope = new Scope();
        if (!ParseScope(scope))
        {
            return null;
        }

        var conditions = ImmutableArray.CreateBuilder<PolicyCondition>();
        while (_token.Kind == TokenKind.Identifier)
        {
            if (ParseCondition() is not { } condition)
            {
                return null;
            }

            conditions.Add(condition);
        }

        if (!Expect(TokenKind.Semicolon, "`when`, `unless` or `;`"))
        {
            return null;
        }

        return new Policy
        {
            Id = "",
            Effect = effect,
            Annotations = annotations,
            Principal = scope.Principal,
            Action = scope.Action,
            Resource = scope.Resource,
            Conditions = conditions.ToImmutable(),
            Span = From(start),
            Source = _text,
        };
    }

    private ImmutableArray<PolicyAnnotation>? ParseAnnotations()
    {
        if (_token.Kind != TokenKind.At)
        {
            return [];
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var annotations = ImmutableArray.CreateBuilder<PolicyAnnotation>();
        while (_token.Kind == TokenKind.At)
        {
            var start = _token.Span;
            Advance();
            var (name, value) = (_token, "");
            if (!Expect(TokenKind.Identifier, "the name of an annotation"))
            {
                return null;
            }

            if (Accept(TokenKind.LeftParenthesis))
            {
                var text = _token;
                if (!Expect(TokenKind.String, "the value of the annotation, a string") || !Expect(TokenKind.RightParenthesis, "`)`"))
                {
                    return null;
                }

                value = ReadString(text);
            }

            var key = Text(name.Span).ToString();
            if (!names.Add(key))
            {
                Report(name.Span, $"the annotation `@{key}` occurs twice", "keep one of them");
            }

            annotations.Add(new PolicyAnnotation(key, value) { Span = From(start) });
        }

        return annotations.ToImmutable();
    }

    private PolicyEffect? ParseEffect()
    {
        var token = _token;
        if (!Expect(TokenKind.Identifier, "`permit` or `forbid`"))
        {
            return null;
        }

        if (Text(token.Span).SequenceEqual("forbid"))
        {
            return PolicyEffect.Forbid;
        }

        if (!Text(token.Span).SequenceEqual("permit"))
        {
            Report(token.Span, $"expected `permit` or `forbid`, found `{Shown(Text(token.Span))}`");
        }

        return PolicyEffect.Permit;
    }

    private PolicyCondition? ParseCondition()
    {
        var keyword = _token;
        Advance();
        var isUnless = Text(keyword.Span).SequenceEqual("unless");
        if (!isUnless && !Text(keyword.Span).SequenceEqual("when"))
        {
            Report(keyword.Span, $"expected `when`, `unless` or `;`, found `{Shown(Text(keyword.Span))}`");
            if (_token.Kind != TokenKind.LeftBrace)
            {
                return null;
            }
        }

        if (!Expect(TokenKind.LeftBrace, "`{`"))
        {
            return null;
        }

        if (_token.Kind == TokenKind.RightBrace)
        {
            Report(From(keyword.Span).To(_token.Span), $"the `{Shown(Text(keyword.Span))}` clause is empty", "remove it, or write `true`");
            Advance();
            return new PolicyCondition(isUnless, new Expr.Literal(CedarBool.True)) { Span = From(keyword.Span) };
        }

        return ParseExpression() is { } body && Expect(TokenKind.RightBrace, "an operator or `}`")
            ? new PolicyCondition(isUnless, body) { Span = From(keyword.Span) }
            : null;
    }
}
