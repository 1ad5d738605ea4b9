using System.Collections.Immutable;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Syntax;

/// <content>Operands: literals, variables, entities, calls, sets, records, parentheses, and what is reached from them.</content>
internal sealed partial class PolicyParser
{
    private Expr? ParseMember() => ParsePrimary() is { } primary ? ParseAccessors(primary) : null;

    private Expr? ParseAccessors(Expr target)
    {
        Expr? result = target;
        while (result is not null)
        {
            switch (_token.Kind)
            {
                case TokenKind.Dot:
                    result = ParseDot(result);
                    break;
                case TokenKind.LeftBracket:
                    result = ParseIndex(result);
                    break;
                case TokenKind.LeftParenthesis:
                    Report(_token.Span, "only functions and methods can be called", "a call is `name(…)` or `value.method(…)`");
                    return null;
                default:
                    return result;
            }

            result = result is null ? null : Bounded(result);
        }

        return null;
    }

    private Expr? ParseDot(Expr target)
    {
        Advance();
        var name = _token;
        if (!Expect(TokenKind.Identifier, "the name of an attribute or method", "other names are written `value[\"name\"]`"))
        {
            return null;
        }

        CheckReserved(name.Span);
        var text = Text(name.Span).ToString();
        if (!Accept(TokenKind.LeftParenthesis))
        {
            return new Expr.GetAttribute(target, text) { Span = target.Span.To(_previous) };
        }

        return ParseList(TokenKind.RightParenthesis, "`)`") is { } arguments ? MakeMethod(target, name.Span, text, arguments) : null;
    }

    private Expr.GetAttribute? ParseIndex(Expr target)
    {
        Advance();
        var index = _token;
        if (index.Kind != TokenKind.String)
        {
            Report(index.Span, "between brackets stands the name of an attribute, a string literal", "sets have no order; tags are read with `getTag(…)`");
            return null;
        }

        Advance();
        return Expect(TokenKind.RightBracket, "`]`") ? new Expr.GetAttribute(target, ReadString(index)) { Span = target.Span.To(_previous) } : null;
    }

    private Expr MakeMethod(Expr target, SourceSpan nameSpan, string name, ImmutableArray<Expr> arguments)
    {
        var span = target.Span.To(_previous);
        if (ExtensionNames.IsBuiltInMethod(name))
        {
            var expected = name == "isEmpty" ? 0 : 1;
            if (arguments.Length != expected)
            {
                Report(span, $"`{name}` takes {(expected == 0 ? "no argument" : "one argument")}, {arguments.Length} given");
                return new Expr.Literal(CedarBool.True) { Span = span };
            }
        }

        switch (name)
        {
            case "isEmpty":
                return new Expr.Unary(UnaryOperator.IsEmpty, target) { Span = span };
            case "contains":
                return new Expr.Binary(BinaryOperator.Contains, target, arguments[0]) { Span = span };
            case "containsAll":
                return new Expr.Binary(BinaryOperator.ContainsAll, target, arguments[0]) { Span = span };
            case "containsAny":
                return new Expr.Binary(BinaryOperator.ContainsAny, target, arguments[0]) { Span = span };
            case "hasTag":
                return new Expr.Binary(BinaryOperator.HasTag, target, arguments[0]) { Span = span };
            case "getTag":
                return new Expr.Binary(BinaryOperator.GetTag, target, arguments[0]) { Span = span };
        }

        if (ExtensionNames.TryFind(name, out var function))
        {
            if (ExtensionNames.IsMethod(function))
            {
                return new Expr.ExtensionCall(function, [target, .. arguments]) { Span = span };
            }

            Report(nameSpan, $"`{name}` is a function, not a method", $"write `{name}(…)`");
        }
        else
        {
            Report(nameSpan, $"there is no method `{Shown(name)}`", Suggest(name, methods: true));
        }

        return new Expr.Literal(CedarBool.True) { Span = span };
    }

    private static string? Suggest(string name, bool methods)
        => ExtensionNames.Closest(name, methods) is { } known ? $"did you mean `{known}`?" : null;

    private Expr MakeFunction(Path path, ImmutableArray<Expr> arguments, SourceSpan span)
    {
        if (ExtensionNames.TryFind(path.Text, out var function) && !ExtensionNames.IsMethod(function))
        {
            return new Expr.ExtensionCall(function, arguments) { Span = span };
        }

        if (ExtensionNames.TryFind(path.Text, out _) || ExtensionNames.IsBuiltInMethod(path.Text))
        {
            Report(path.Span, $"`{path.Text}` is a method, not a function", $"write `value.{path.Text}(…)`");
        }
        else
        {
            Report(path.Span, $"there is no function `{Shown(path.Text)}`", Suggest(path.Text, methods: false));
        }

        return new Expr.Literal(CedarBool.True) { Span = span };
    }

    private Expr? ParsePrimary()
    {
        var token = _token;
        switch (token.Kind)
        {
            case TokenKind.String:
                Advance();
                return new Expr.Literal(new CedarString(ReadString(token))) { Span = token.Span };
            case TokenKind.Number:
                Advance();
                return ReadInteger(token.Span, isNegative: false);
            case TokenKind.Slot:
                Advance();
                Report(token.Span, $"the slot `{Shown(Text(token.Span))}` cannot be used in a condition", "slots stand in the scope: `principal == ?principal`, `resource in ?resource`");
                return new Expr.Variable(RequestVariable.Principal) { Span = token.Span };
            case TokenKind.LeftParenthesis:
                Advance();
                return ParseExpression() is { } inner && Expect(TokenKind.RightParenthesis, "an operator or `)`") ? inner : null;
            case TokenKind.LeftBracket:
                Advance();
                return ParseList(TokenKind.RightBracket, "`]`") is { } elements ? new Expr.Set(elements) { Span = From(token.Span) } : null;
            case TokenKind.LeftBrace:
                return ParseRecord();
            case TokenKind.Identifier:
                return ParseName();
            default:
                Unexpected("an expression");
                return null;
        }
    }

    private ImmutableArray<Expr>? ParseList(TokenKind closing, string what)
    {
        if (Accept(closing))
        {
            return [];
        }

        var elements = ImmutableArray.CreateBuilder<Expr>();
        do
        {
            if (ParseExpression() is not { } element)
            {
                return null;
            }

            elements.Add(element);
        }
        while (Accept(TokenKind.Comma) && _token.Kind != closing);

        return Expect(closing, $"an operator, `,` or {what}") ? elements.ToImmutable() : null;
    }

    private Expr.Record? ParseRecord()
    {
        var start = _token.Span;
        Advance();
        var fields = ImmutableArray.CreateBuilder<KeyValuePair<string, Expr>>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (_token.Kind != TokenKind.RightBrace)
        {
            var key = _token;
            if (key.Kind is not (TokenKind.Identifier or TokenKind.String))
            {
                Unexpected("the name of an attribute", "names are identifiers or string literals");
                return null;
            }

            Advance();
            if (!Expect(TokenKind.Colon, "`:`", "a record is written `{name: value, \"other name\": value}`") || ParseExpression() is not { } value)
            {
                return null;
            }

            if (key.Kind == TokenKind.Identifier)
            {
                CheckReserved(key.Span);
            }

            var name = key.Kind == TokenKind.String ? ReadString(key) : Text(key.Span).ToString();
            if (!names.Add(name))
            {
                Report(key.Span, $"the record has `{Shown(name)}` twice", "keep one of them");
            }

            fields.Add(KeyValuePair.Create(name, value));
            if (_token.Kind != TokenKind.RightBrace && !Expect(TokenKind.Comma, "an operator, `,` or `}`"))
            {
                return null;
            }
        }

        Advance();
        return new Expr.Record(fields.ToImmutable()) { Span = From(start) };
    }

    /// <summary>Reads what begins with a word: a literal, a variable, an entity or a call.</summary>
    private Expr? ParseName()
    {
        var word = _token.Span;
        if (IsWord("if"))
        {
            Report(word, "`if` must stand in parentheses here", "write `(if … then … else …)`");
            return null;
        }

        if (Text(word) is "true" or "false")
        {
            Advance();
            if (_token.Kind == TokenKind.DoubleColon)
            {
                CheckReserved(word);
                return null;
            }

            return new Expr.Literal(CedarBool.Of(Text(word) is "true")) { Span = word };
        }

        if (ParsePath() is not { } path)
        {
            return null;
        }

        if (path.EndsInString)
        {
            var id = _token;
            Advance();
            return new Expr.Literal(MakeEntity(path, ReadString(id))) { Span = From(word) };
        }

        var isCall = _token.Kind == TokenKind.LeftParenthesis;
        if (VariableOf(path.Text) is { } variable)
        {
            if (isCall)
            {
                Report(word, $"`{path.Text}` is not a function");
                return null;
            }

            return new Expr.Variable(variable) { Span = word };
        }

        if (isCall)
        {
            Advance();
            return ParseList(TokenKind.RightParenthesis, "`)`") is { } arguments ? MakeFunction(path, arguments, From(word)) : null;
        }

        if (CedarIdentifier.IsPath(path.Text))
        {
            Report(
                path.Span,
                $"there is no variable `{Shown(path.Text)}`",
                "the variables are `principal`, `action`, `resource` and `context`; a string is written in quotes, an entity `Type::\"id\"`");
        }

        return new Expr.Literal(CedarBool.True) { Span = path.Span };
    }

    private static RequestVariable? VariableOf(string name) => name switch
    {
        "principal" => RequestVariable.Principal,
        "action" => RequestVariable.Action,
        "resource" => RequestVariable.Resource,
        "context" => RequestVariable.Context,
        _ => null,
    };
}
