using System.Collections.Immutable;
using System.Globalization;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Syntax;

/// <content>
/// Expressions with operators. From loose to tight: <c>if</c>, <c>||</c>, <c>&amp;&amp;</c>, the relations (<c>==</c> … <c>in has like is</c>,
/// which do not chain), <c>+ -</c>, <c>*</c>, then <c>!</c> and <c>-</c>, at most four of one kind.
/// </content>
internal sealed partial class PolicyParser
{
    private const int MaxUnaryOperators = 4;

    private Expr? ParseExpression()
    {
        if (!Enter(_token.Span))
        {
            return null;
        }

        var expression = IsWord("if") ? ParseIf() : ParseOperators(Precedence.Or);
        _nesting--;
        return expression;
    }

    private Expr? ParseIf()
    {
        var start = _token.Span;
        Advance();
        if (_token.Kind is TokenKind.DoubleColon or TokenKind.Colon)
        {
            CheckReserved(start);
            return null;
        }

        return ParseExpression() is { } condition && ExpectWord("then")
            && ParseExpression() is { } then && ExpectWord("else")
            && ParseExpression() is { } otherwise
                ? Bounded(new Expr.If(condition, then, otherwise) { Span = From(start) })
                : null;
    }

    private bool ExpectWord(string word)
    {
        if (AcceptWord(word))
        {
            return true;
        }

        Unexpected($"an operator or `{word}`");
        return false;
    }

    /// <summary>Reads operands and operators that bind at least as tightly as given.</summary>
    private Expr? ParseOperators(Precedence least)
    {
        var left = ParseUnary();
        var hasRelation = false;
        while (left is not null)
        {
            var precedence = PrecedenceOf(_token);
            if (precedence < least || precedence == Precedence.None)
            {
                return left;
            }

            if (hasRelation && precedence >= Precedence.Relation)
            {
                Report(
                    _token.Span,
                    $"`{Text(_token.Span)}` cannot follow another relation without parentheses",
                    "relations like `==`, `<`, `in`, `has`, `like` and `is` do not chain");
                return null;
            }

            left = precedence switch
            {
                Precedence.Or => ParseLogic(left, isAnd: false),
                Precedence.And => ParseLogic(left, isAnd: true),
                Precedence.Relation => ParseRelation(left),
                _ => ParseArithmetic(left, precedence),
            };
            hasRelation = precedence == Precedence.Relation;
            left = left is null ? null : Bounded(left);
        }

        return null;
    }

    private Precedence PrecedenceOf(Token token) => token.Kind switch
    {
        TokenKind.DoubleBar => Precedence.Or,
        TokenKind.DoubleAmpersand => Precedence.And,
        TokenKind.DoubleEqual or TokenKind.NotEqual or TokenKind.Less or TokenKind.LessOrEqual or TokenKind.Greater
            or TokenKind.GreaterOrEqual or TokenKind.SingleEqual => Precedence.Relation,
        TokenKind.Identifier when Text(token.Span) is "in" or "has" or "like" or "is" => Precedence.Relation,
        TokenKind.Plus or TokenKind.Minus => Precedence.Sum,
        TokenKind.Star or TokenKind.Slash or TokenKind.Percent => Precedence.Product,
        _ => Precedence.None,
    };

    private Expr? ParseLogic(Expr left, bool isAnd)
    {
        Advance();
        if (ParseOperators(isAnd ? Precedence.Relation : Precedence.And) is not { } right)
        {
            return null;
        }

        var span = left.Span.To(_previous);
        return isAnd ? new Expr.And(left, right) { Span = span } : new Expr.Or(left, right) { Span = span };
    }

    private Expr.Binary? ParseArithmetic(Expr left, Precedence precedence)
    {
        var token = _token;
        Advance();
        if (token.Kind is TokenKind.Slash or TokenKind.Percent)
        {
            Report(
                token.Span,
                token.Kind == TokenKind.Slash ? "Cedar has no division" : "Cedar has no remainder",
                "work it out before the request and put it in the context");
        }

        var op = token.Kind switch
        {
            TokenKind.Plus => BinaryOperator.Add,
            TokenKind.Minus => BinaryOperator.Subtract,
            _ => BinaryOperator.Multiply,
        };
        return ParseOperators(precedence + 1) is { } right ? new Expr.Binary(op, left, right) { Span = left.Span.To(_previous) } : null;
    }

    private Expr? ParseRelation(Expr left)
    {
        var token = _token;
        Advance();
        if (token.Kind == TokenKind.Identifier)
        {
            switch (Text(token.Span))
            {
                case "has":
                    return ParseHas(left);
                case "like":
                    return ParseLike(left);
                case "is":
                    return ParseIs(left);
            }
        }

        if (token.Kind == TokenKind.SingleEqual)
        {
            Report(token.Span, "`=` is not an operator", "equality is written `==`");
        }

        var op = token.Kind switch
        {
            TokenKind.NotEqual => BinaryOperator.NotEqual,
            TokenKind.Less => BinaryOperator.Less,
            TokenKind.LessOrEqual => BinaryOperator.LessOrEqual,
            TokenKind.Greater => BinaryOperator.Greater,
            TokenKind.GreaterOrEqual => BinaryOperator.GreaterOrEqual,
            TokenKind.Identifier => BinaryOperator.In,
            _ => BinaryOperator.Equal,
        };
        return ParseOperators(Precedence.Sum) is { } right ? new Expr.Binary(op, left, right) { Span = left.Span.To(_previous) } : null;
    }

    private Expr.HasAttribute? ParseHas(Expr target)
    {
        var path = ImmutableArray.CreateBuilder<string>();
        if (_token.Kind == TokenKind.String)
        {
            path.Add(ReadString(_token));
            Advance();
        }
        else
        {
            do
            {
                var name = _token;
                if (!Expect(TokenKind.Identifier, "the name of an attribute or a string", "after `has` comes a name, a path like `a.b.c`, or a string"))
                {
                    return null;
                }

                CheckReserved(name.Span);
                path.Add(Text(name.Span).ToString());
            }
            while (Accept(TokenKind.Dot));
        }

        return new Expr.HasAttribute(target, path.ToImmutable()) { Span = target.Span.To(_previous) };
    }

    private Expr.Like? ParseLike(Expr target)
    {
        var token = _token;
        return Expect(TokenKind.String, "a pattern", "the pattern of `like` is a string literal")
            ? new Expr.Like(target, ReadPattern(token)) { Span = target.Span.To(_previous) }
            : null;
    }

    private Expr.Is? ParseIs(Expr target)
    {
        if (ParseTypeName() is not { } type)
        {
            return null;
        }

        Expr? within = null;
        if (AcceptWord("in"))
        {
            within = ParseOperators(Precedence.Sum);
            if (within is null)
            {
                return null;
            }
        }

        return new Expr.Is(target, type, within) { Span = target.Span.To(_previous) };
    }

    private Expr? ParseUnary()
    {
        var start = _token.Span;
        var kind = _token.Kind;
        if (kind is not (TokenKind.Bang or TokenKind.Minus))
        {
            return ParseMember();
        }

        var count = 0;
        while (Accept(kind))
        {
            count++;
        }

        if (count > MaxUnaryOperators)
        {
            Report(From(start), $"more than {MaxUnaryOperators} `{_text[start.Start]}` in a row", "two of them cancel each other");
            return null;
        }

        if (_token.Kind is TokenKind.Bang or TokenKind.Minus)
        {
            Unexpected("an operand", "put the operand in parentheses");
            return null;
        }

        Expr? operand;
        if (kind == TokenKind.Minus && _token.Kind == TokenKind.Number)
        {
            var number = _token;
            var minus = new SourceSpan(_previous.Start, 1);
            Advance();
            if (_token.Kind is TokenKind.Dot or TokenKind.LeftParenthesis or TokenKind.LeftBracket)
            {
                // `-1.a` is the negated attribute of 1.
                operand = ParseAccessors(ReadInteger(number.Span, isNegative: false));
            }
            else
            {
                operand = ReadInteger(minus.To(number.Span), isNegative: true);
                count--;
            }
        }
        else
        {
            operand = ParseMember();
        }

        if (operand is null)
        {
            return null;
        }

        var end = _previous;
        for (var i = count - 1; i >= 0; i--)
        {
            operand = new Expr.Unary(kind == TokenKind.Bang ? UnaryOperator.Not : UnaryOperator.Negate, operand) { Span = start.To(end) };
        }

        return Bounded(operand);
    }

    private Expr.Literal ReadInteger(SourceSpan span, bool isNegative)
    {
        const ulong Limit = 1UL << 63;
        if (!ulong.TryParse(LastDigits(span), NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > (isNegative ? Limit : Limit - 1))
        {
            Report(span, "this integer does not fit in 64 bits", "integers go from -9223372036854775808 to 9223372036854775807");
            value = 0;
        }

        return new Expr.Literal(new CedarLong(isNegative ? unchecked(-(long)value) : (long)value)) { Span = span };
    }

    /// <summary>The digits a span ends in: between the minus and them there may be blanks and comments.</summary>
    private ReadOnlySpan<char> LastDigits(SourceSpan span)
    {
        var text = Text(span);
        return text[(text.LastIndexOfAnyExceptInRange('0', '9') + 1)..];
    }

    private enum Precedence
    {
        None,
        Or,
        And,
        Relation,
        Sum,
        Product,
        Operand,
    }
}
