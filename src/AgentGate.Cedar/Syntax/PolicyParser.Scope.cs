using System.Collections.Immutable;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Syntax;

/// <content>The scope: principal, action and resource, in this order.</content>
internal sealed partial class PolicyParser
{
    private const string EntityHelp = "an entity is written `Type::\"id\"`";
    private static readonly string[] ScopeVariables = ["principal", "action", "resource"];

    /// <summary>Reads behind the opening parenthesis up to and with the closing one.</summary>
    private bool ParseScope(Scope scope)
    {
        var count = 0;
        while (_token.Kind != TokenKind.RightParenthesis)
        {
            if (!ParseScopeElement(scope, count++))
            {
                return false;
            }

            if (_token.Kind != TokenKind.RightParenthesis && !Expect(TokenKind.Comma, count < 3 ? "`,`" : "`)`", ScopeHelp()))
            {
                return false;
            }
        }

        if (count < 3)
        {
            Report(_token.Span, $"the scope lacks `{ScopeVariables[count]}`", "a scope names `principal`, `action` and `resource`, in this order");
        }

        Advance();
        return true;
    }

    private string? ScopeHelp() => _token.Kind is TokenKind.DoubleAmpersand or TokenKind.DoubleBar
        ? "each variable of the scope has one constraint; put the others in a `when` clause"
        : IsWord("is") ? "write `is` before `in`: `principal is Type in Group::\"id\"`" : null;

    private bool Expect(TokenKind kind, string what, string? help)
    {
        if (Accept(kind))
        {
            return true;
        }

        Unexpected(what, help);
        return false;
    }

    private bool ParseScopeElement(Scope scope, int index)
    {
        var variable = _token;
        if (!Expect(TokenKind.Identifier, index < 3 ? $"`{ScopeVariables[index]}`" : "`)`"))
        {
            return false;
        }

        if (index > 2)
        {
            Report(variable.Span, "the scope has more than `principal`, `action` and `resource`", "put the rest in a `when` clause");
        }
        else if (!Text(variable.Span).SequenceEqual(ScopeVariables[index]))
        {
            Report(
                variable.Span,
                $"expected `{ScopeVariables[index]}`, found `{Shown(Text(variable.Span))}`",
                "a scope names `principal`, `action` and `resource`, in this order");
        }

        if (_token.Kind == TokenKind.Colon)
        {
            Report(_token.Span, "a type is not given with `:`", "write `is` and the type");
            return false;
        }

        switch (index)
        {
            case 1:
                return ParseActionConstraint() is { } action && scope.Set(action);
            default:
                var slot = index == 0 ? ScopeSlot.Principal : ScopeSlot.Resource;
                return ParseConstraint(slot) is { } constraint && scope.Set(slot, constraint);
        }
    }

    private ScopeConstraint? ParseConstraint(ScopeSlot slot)
    {
        EntityTypeName? type = null;
        if (AcceptWord("is"))
        {
            type = ParseTypeName();
            if (type is null)
            {
                return null;
            }

            if (_token.Kind == TokenKind.DoubleEqual)
            {
                Report(_token.Span, "`is` and `==` do not go together", "an entity has one type; leave out `is`");
                return null;
            }
        }

        if (AcceptWord("in"))
        {
            return !ParseScopeEntity(slot, out var within) ? null
                : type is null ? new ScopeConstraint.In(within) : new ScopeConstraint.IsIn(type, within);
        }

        if (Accept(TokenKind.DoubleEqual))
        {
            return ParseScopeEntity(slot, out var entity) ? new ScopeConstraint.Equal(entity) : null;
        }

        return CheckScopeOperator("`==`, `in` or `is`") ? type is null ? ScopeConstraint.Any.Instance : new ScopeConstraint.Is(type) : null;
    }

    /// <summary>After a variable comes its constraint or the next variable; an operator of expressions is a mistake worth its own words.</summary>
    private bool CheckScopeOperator(string allowed)
    {
        if (_token.Kind is TokenKind.NotEqual or TokenKind.Less or TokenKind.LessOrEqual or TokenKind.Greater or TokenKind.GreaterOrEqual
            or TokenKind.SingleEqual || IsWord("has") || IsWord("like"))
        {
            Report(
                _token.Span,
                $"`{Text(_token.Span)}` is not allowed in the scope, only {allowed}",
                _token.Kind == TokenKind.SingleEqual ? "equality is written `==`" : "put it in a `when` clause");
            return false;
        }

        return true;
    }

    private ActionConstraint? ParseActionConstraint()
    {
        if (IsWord("is"))
        {
            Report(_token.Span, "`is` cannot be used for the action", "use `==` or `in`");
            return null;
        }

        var start = _token.Span;
        ActionConstraint? constraint;
        if (Accept(TokenKind.DoubleEqual))
        {
            constraint = ParseScopeEntity(null, out var action) ? new ActionConstraint.Equal(action!) : null;
        }
        else if (AcceptWord("in"))
        {
            constraint = ParseActions();
        }
        else
        {
            return CheckScopeOperator("`==` or `in`") ? ActionConstraint.Any.Instance : null;
        }

        var wrong = constraint switch
        {
            ActionConstraint.Equal equal when !equal.Action.Type.IsAction => equal.Action,
            ActionConstraint.In within => within.Actions.FirstOrDefault(static uid => !uid.Type.IsAction),
            _ => null,
        };
        if (wrong is not null)
        {
            Report(From(start), $"`{Shown(wrong.ToString())}` is not an action", "the type of an action ends in `Action`");
        }

        return constraint;
    }

    private ActionConstraint.In? ParseActions()
    {
        var parentheses = 0;
        while (Accept(TokenKind.LeftParenthesis))
        {
            parentheses++;
        }

        var actions = ImmutableArray.CreateBuilder<EntityUid>();
        var isList = Accept(TokenKind.LeftBracket);
        while (isList ? _token.Kind != TokenKind.RightBracket : actions.Count == 0)
        {
            if (!ParseScopeEntity(null, out var action))
            {
                return null;
            }

            actions.Add(action!);
            if (isList && _token.Kind != TokenKind.RightBracket && !Expect(TokenKind.Comma, "`,` or `]`"))
            {
                return null;
            }
        }

        return (!isList || Expect(TokenKind.RightBracket, "`]`")) && ParseClosing(parentheses)
            ? new ActionConstraint.In(actions.ToImmutable(), isList)
            : null;
    }

    private bool ParseClosing(int parentheses)
    {
        for (var i = 0; i < parentheses; i++)
        {
            if (!Expect(TokenKind.RightParenthesis, "`)`"))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads an entity, or the slot where one may stand; parentheses around it are allowed.</summary>
    private bool ParseScopeEntity(ScopeSlot? slot, out EntityUid? entity)
    {
        entity = null;
        var parentheses = 0;
        while (Accept(TokenKind.LeftParenthesis))
        {
            parentheses++;
        }

        var token = _token;
        switch (token.Kind)
        {
            case TokenKind.Slot:
                Advance();
                var expected = slot switch { ScopeSlot.Principal => "?principal", ScopeSlot.Resource => "?resource", _ => null };
                if (expected is null)
                {
                    Report(token.Span, "an action has no slot", EntityHelp);
                    return false;
                }

                if (!Text(token.Span).SequenceEqual(expected))
                {
                    Report(token.Span, $"expected `{expected}`, found `{Shown(Text(token.Span))}`");
                }

                return ParseClosing(parentheses);
            case TokenKind.Identifier:
                entity = ParseEntity();
                return entity is not null && ParseClosing(parentheses);
            case TokenKind.LeftBracket when slot is not null:
                Report(token.Span, "a list is not allowed here", "only `action in [ … ]` takes a list; write one policy for each entity, or put them in a group");
                return false;
            default:
                Unexpected(slot is null ? "an entity" : "an entity or a slot", EntityHelp);
                return false;
        }
    }

    private EntityUid? ParseEntity()
    {
        var start = _token.Span;
        if (ParsePath() is not { } path)
        {
            return null;
        }

        var id = _token;
        if (!path.EndsInString)
        {
            Report(From(start), $"expected an entity, found the name `{Shown(path.Text)}`", EntityHelp);
            return null;
        }

        Advance();
        return MakeEntity(path, ReadString(id));
    }

    private sealed class Scope
    {
        public ScopeConstraint Principal { get; private set; } = ScopeConstraint.Any.Instance;

        public ActionConstraint Action { get; private set; } = ActionConstraint.Any.Instance;

        public ScopeConstraint Resource { get; private set; } = ScopeConstraint.Any.Instance;

        public bool Set(ActionConstraint constraint)
        {
            Action = constraint;
            return true;
        }

        public bool Set(ScopeSlot slot, ScopeConstraint constraint)
        {
            (Principal, Resource) = slot == ScopeSlot.Principal ? (constraint, Resource) : (Principal, constraint);
            return true;
        }
    }
}
