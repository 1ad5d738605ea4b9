using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Syntax;

/// <content>Expressions: an object with one key, the operator.</content>
internal sealed partial class PolicyJsonReader
{
    private static readonly FrozenDictionary<string, BinaryOperator> BinaryOperators =
        Enum.GetValues<BinaryOperator>().ToFrozenDictionary(PolicyJsonWriter.KeyOf, StringComparer.Ordinal);

    /// <summary>Reads an expression. This and what it calls for each operator keep their stack frames small: they recurse.</summary>
    private Expr Expression(JsonElement element)
    {
        Enter();
        var operation = Operation(element);
        _path.Push("." + operation.Name);
        var expression = Body(operation.Name, operation.Value);
        _path.Pop();
        _nesting--;
        return expression.Depth <= CedarLimits.MaxDepth ? expression : throw Error($"the expression is nested deeper than {CedarLimits.MaxDepth} levels");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private JsonProperty Operation(JsonElement element)
    {
        Require(element, JsonValueKind.Object, "an expression, an object");
        var members = element.EnumerateObject();
        if (!members.MoveNext())
        {
            throw Error("an expression has one key, the operator; this has none");
        }

        var operation = members.Current;
        return members.MoveNext() ? throw Error($"an expression has one key, the operator; this has `{operation.Name}` and `{members.Current.Name}`") : operation;
    }

    private Expr Body(string key, JsonElement body) => key switch
    {
        "Value" => WholeValue(body),
        "Var" => Variable(Text(body)),
        "Slot" => throw Error("a slot cannot be used in a condition", "slots stand in the scope of the principal and the resource"),
        "!" => new Expr.Unary(UnaryOperator.Not, Operand(body)),
        "neg" => new Expr.Unary(UnaryOperator.Negate, Operand(body)),
        "isEmpty" => new Expr.Unary(UnaryOperator.IsEmpty, Operand(body)),
        "&&" => And(body),
        "||" => Or(body),
        "." => Get(body),
        "has" => Has(body),
        "like" => Like(body),
        "is" => Is(body),
        "if-then-else" => If(body),
        "Set" => new Expr.Set(Items(body, Expression)),
        "Record" => Record(body, Expression),
        _ => BinaryOperators.TryGetValue(key, out var op) ? Binary(op, body) : Function(key, body),
    };

    private Expr.Binary Binary(BinaryOperator op, JsonElement body)
    {
        Keys(body, "left", "right");
        return new Expr.Binary(op, Child(body, "left"), Child(body, "right"));
    }

    private Expr.And And(JsonElement body)
    {
        Keys(body, "left", "right");
        return new Expr.And(Child(body, "left"), Child(body, "right"));
    }

    private Expr.Or Or(JsonElement body)
    {
        Keys(body, "left", "right");
        return new Expr.Or(Child(body, "left"), Child(body, "right"));
    }

    private Expr.GetAttribute Get(JsonElement body)
    {
        Keys(body, "left", "attr");
        return new Expr.GetAttribute(Child(body, "left"), At("attr", body.GetProperty("attr"), Text));
    }

    private Expr.Like Like(JsonElement body)
    {
        Keys(body, "left", "pattern");
        return new Expr.Like(Child(body, "left"), At("pattern", body.GetProperty("pattern"), Pattern));
    }

    private Expr.Is Is(JsonElement body)
    {
        Keys(body, "left", "entity_type", "in?");
        return new Expr.Is(
            Child(body, "left"),
            At("entity_type", body.GetProperty("entity_type"), TypeName),
            TryGet(body, "in", out _) ? Child(body, "in") : null);
    }

    private Expr.If If(JsonElement body)
    {
        Keys(body, "if", "then", "else");
        return new Expr.If(Child(body, "if"), Child(body, "then"), Child(body, "else"));
    }

    private Expr.ExtensionCall Function(string name, JsonElement body)
        => ExtensionNames.TryFind(name, out _) ? Call(name, Items(body, Expression)) : throw Error($"there is no operator or function `{name}`");

    /// <summary>The value of an expression is its level, not one more.</summary>
    private Expr WholeValue(JsonElement body)
    {
        _nesting--;
        var value = Value(body);
        _nesting++;
        return value;
    }

    private Expr.ExtensionCall Call(string name, ImmutableArray<Expr> arguments)
    {
        if (!ExtensionNames.TryFind(name, out var function))
        {
            throw Error($"there is no operator or function `{name}`");
        }

        return arguments.IsEmpty && ExtensionNames.IsMethod(function)
            ? throw Error($"the method `{name}` needs the value it is called on")
            : new Expr.ExtensionCall(function, arguments);
    }

    private Expr Child(JsonElement body, string key)
    {
        _path.Push("." + key);
        var child = Expression(body.GetProperty(key));
        _path.Pop();
        return child;
    }

    private Expr Operand(JsonElement body)
    {
        Keys(body, "arg");
        return Child(body, "arg");
    }

    private Expr.Variable Variable(string name) => new(name switch
    {
        "principal" => RequestVariable.Principal,
        "action" => RequestVariable.Action,
        "resource" => RequestVariable.Resource,
        "context" => RequestVariable.Context,
        _ => throw Error($"there is no variable `{name}`", "the variables are `principal`, `action`, `resource` and `context`"),
    });

    /// <summary>One attribute is a string, a path of them a list.</summary>
    private Expr.HasAttribute Has(JsonElement body)
    {
        Keys(body, "left", "attr");
        var attribute = body.GetProperty("attr");
        var path = At("attr", attribute, each => each.ValueKind == JsonValueKind.Array ? Items(each, Text) : [Text(each)]);
        return path.IsEmpty ? throw Error("the path of `has` is empty")
            : path.Length > 1 && path.FirstOrDefault(static name => !CedarIdentifier.IsValid(name)) is { } wrong ? throw Error($"`{wrong}` cannot stand in a path of `has`", "write a `has` of its own for each name that is no identifier")
            : new Expr.HasAttribute(Child(body, "left"), path);
    }

    private LikePattern Pattern(JsonElement element)
    {
        Require(element, JsonValueKind.Array, "a list of pattern pieces");
        var pieces = ImmutableArray.CreateBuilder<string>();
        var piece = new StringBuilder();
        foreach (var item in element.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String && item.ValueEquals("Wildcard"))
            {
                pieces.Add(piece.ToString());
                piece.Clear();
                continue;
            }

            if (item.ValueKind != JsonValueKind.Object)
            {
                throw Error("a piece of a pattern is `Wildcard` or {\"Literal\": …}");
            }

            Keys(item, "Literal");
            piece.Append(Text(item.GetProperty("Literal")));
        }

        pieces.Add(piece.ToString());
        return new LikePattern(pieces.ToImmutable());
    }

    private Expr.Record Record(JsonElement element, Func<JsonElement, Expr> read)
    {
        Require(element, JsonValueKind.Object, "an object of attributes");
        var fields = ImmutableArray.CreateBuilder<KeyValuePair<string, Expr>>();
        foreach (var member in element.EnumerateObject())
        {
            fields.Add(KeyValuePair.Create(member.Name, At(member.Name, member.Value, read)));
        }

        return new Expr.Record(fields.ToImmutable());
    }

    /// <summary>A value as in entity data. What only looks like an escape is a record, as in the reference engine.</summary>
    private Expr Value(JsonElement element)
    {
        Enter();
        Expr value = element.ValueKind switch
        {
            JsonValueKind.True => new Expr.Literal(CedarBool.True),
            JsonValueKind.False => new Expr.Literal(CedarBool.False),
            JsonValueKind.String => new Expr.Literal(new CedarString(element.GetString()!)),
            JsonValueKind.Number => new Expr.Literal(new CedarLong(Integer(element))),
            JsonValueKind.Array => new Expr.Set(Items(element, Value)),
            JsonValueKind.Object => EscapeOf(element) ?? Record(element, Value),
            _ => throw Error("Cedar has no null"),
        };
        _nesting--;
        return value;
    }

    private long Integer(JsonElement element)
    {
        var digits = element.GetRawText();
        return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && digits != "-0"
            ? value
            : throw Error($"`{(digits.Length > 40 ? digits[..40] + "…" : digits)}` is not a 64-bit integer", "decimals are written {\"__extn\": {\"fn\": \"decimal\", \"arg\": …}}");
    }

    private Expr? EscapeOf(JsonElement element)
    {
        var members = element.EnumerateObject();
        if (!members.MoveNext())
        {
            return null;
        }

        var (key, inner) = (members.Current.Name, members.Current.Value);
        if (members.MoveNext())
        {
            return null;
        }

        return (key, inner.ValueKind) switch
        {
            ("__expr", JsonValueKind.String) => throw Error("the escape `__expr` is no longer part of Cedar", "write the value itself, or use `__entity` or `__extn`"),
            ("__entity", JsonValueKind.Object) when IsText(inner, "type") && IsText(inner, "id")
                => new Expr.Literal(new EntityUid(TypeName(inner.GetProperty("type")), inner.GetProperty("id").GetString()!)),
            ("__extn", JsonValueKind.Object) when IsText(inner, "fn") && TryGet(inner, "arg", out var argument)
                => Call(inner.GetProperty("fn").GetString()!, [At("__extn.arg", argument.Value, Value)]),
            ("__extn", JsonValueKind.Object) when IsText(inner, "fn") && TryGet(inner, "args", out var arguments) && arguments.Value.ValueKind == JsonValueKind.Array
                => Call(inner.GetProperty("fn").GetString()!, At("__extn.args", arguments.Value, each => Items(each, Value))),
            _ => null,
        };
    }

    private static bool IsText(JsonElement element, string key) => TryGet(element, key, out var value) && value.Value.ValueKind == JsonValueKind.String;
}
