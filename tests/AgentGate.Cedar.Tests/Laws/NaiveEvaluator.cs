using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Tests.Laws;

/// <summary>The semantics of expressions written down as plainly as possible, slow, over values alone: what the compiled steps are held against. An error is an exception.</summary>
internal sealed class NaiveEvaluator(AuthorizationRequest request, EntityStore entities)
{
    private const long Day = 86_400_000;

    public CedarValue Evaluate(Expr expr) => expr switch
    {
        Expr.Literal literal => literal.Value,
        Expr.Variable { Name: RequestVariable.Principal } => request.Principal,
        Expr.Variable { Name: RequestVariable.Action } => request.Action,
        Expr.Variable { Name: RequestVariable.Resource } => request.Resource,
        Expr.Variable => request.Context,
        Expr.If choice => Evaluate(Truth(choice.Condition) ? choice.Then : choice.Otherwise),
        Expr.And and => CedarBool.Of(Truth(and.Left) && Truth(and.Right)),
        Expr.Or or => CedarBool.Of(Truth(or.Left) || Truth(or.Right)),
        Expr.Unary { Operator: UnaryOperator.Not } not => CedarBool.Of(!Truth(not.Operand)),
        Expr.Unary { Operator: UnaryOperator.Negate } minus => new CedarLong(checked(-As<CedarLong>(minus.Operand).Value)),
        Expr.Unary empty => CedarBool.Of(As<CedarSet>(empty.Operand).Count == 0),
        Expr.Binary binary => Binary(binary.Operator, Evaluate(binary.Left), Evaluate(binary.Right)),
        Expr.GetAttribute get => Get(Evaluate(get.Target), get.Attribute) ?? throw new NaiveException(),
        Expr.HasAttribute has => Has(Evaluate(has.Target), has.Path.AsSpan()),
        Expr.Like like => CedarBool.Of(Matches(As<CedarString>(like.Target).Value, like.Pattern.Pieces.AsSpan())),
        Expr.Is isType => Is(isType),
        Expr.Set set => new CedarSet(set.Elements.Select(Evaluate).ToArray()),
        Expr.Record record => new CedarRecord(record.Fields.Select(field => KeyValuePair.Create(field.Key, Evaluate(field.Value))).ToArray()),
        Expr.ExtensionCall call => Call(call.Function, [.. call.Arguments.Select(Evaluate)]),
        _ => throw new NotSupportedException(),
    };

    private bool Truth(Expr expr) => As<CedarBool>(expr).Value;

    private T As<T>(Expr expr)
        where T : CedarValue
        => To<T>(Evaluate(expr));

    private static T To<T>(CedarValue value)
        where T : CedarValue
        => value as T ?? throw new NaiveException();

    private CedarValue Binary(BinaryOperator op, CedarValue a, CedarValue b) => op switch
    {
        BinaryOperator.Equal => CedarBool.Of(a.Equals(b)),
        BinaryOperator.NotEqual => CedarBool.Of(!a.Equals(b)),
        BinaryOperator.Less => CedarBool.Of(Compare(a, b) < 0),
        BinaryOperator.LessOrEqual => CedarBool.Of(Compare(a, b) <= 0),
        BinaryOperator.Greater => CedarBool.Of(Compare(a, b) > 0),
        BinaryOperator.GreaterOrEqual => CedarBool.Of(Compare(a, b) >= 0),
        BinaryOperator.Add => new CedarLong(checked(To<CedarLong>(a).Value + To<CedarLong>(b).Value)),
        BinaryOperator.Subtract => new CedarLong(checked(To<CedarLong>(a).Value - To<CedarLong>(b).Value)),
        BinaryOperator.Multiply => new CedarLong(checked(To<CedarLong>(a).Value * To<CedarLong>(b).Value)),
        BinaryOperator.In => In(To<EntityUid>(a), b),
        BinaryOperator.Contains => CedarBool.Of(To<CedarSet>(a).Elements.Any(b.Equals)),
        BinaryOperator.ContainsAll => CedarBool.Of(To<CedarSet>(b).Elements.All(To<CedarSet>(a).Elements.Contains)),
        BinaryOperator.ContainsAny => CedarBool.Of(To<CedarSet>(b).Elements.Any(To<CedarSet>(a).Elements.Contains)),
        BinaryOperator.HasTag => CedarBool.Of(HasTag(To<EntityUid>(a), To<CedarString>(b).Value)),
        _ => entities.TryGet(To<EntityUid>(a), out var tagged) && tagged.Tags.TryGetValue(To<CedarString>(b).Value, out var tag)
            ? tag
            : throw new NaiveException(),
    };

    private bool HasTag(EntityUid uid, string key) => entities.TryGet(uid, out var entity) && entity.Tags.ContainsKey(key);

    private CedarBool In(EntityUid entity, CedarValue group) => CedarBool.Of(group is CedarSet groups
        ? groups.Elements.Select(To<EntityUid>).ToArray().Any(one => entities.IsIn(entity, one))
        : entities.IsIn(entity, To<EntityUid>(group)));

    private static int Compare(CedarValue a, CedarValue b) => (a, b) switch
    {
        (CedarLong x, CedarLong y) => x.Value.CompareTo(y.Value),
        (CedarDatetime x, CedarDatetime y) => x.Milliseconds.CompareTo(y.Milliseconds),
        (CedarDuration x, CedarDuration y) => x.Milliseconds.CompareTo(y.Milliseconds),
        _ => throw new NaiveException(),
    };

    private CedarValue? Get(CedarValue target, string name)
    {
        CedarValue? value = null;
        _ = target switch
        {
            CedarRecord record => record.TryGetValue(name, out value),
            EntityUid uid => entities.TryGet(uid, out var entity) && entity.Attributes.TryGetValue(name, out value),
            _ => throw new NaiveException(),
        };
        return value;
    }

    private CedarBool Has(CedarValue target, ReadOnlySpan<string> path)
        => Get(target, path[0]) is not { } value ? CedarBool.False : path.Length == 1 ? CedarBool.True : Has(value, path[1..]);

    private CedarBool Is(Expr.Is expr)
    {
        var entity = As<EntityUid>(expr.Target);
        return entity.Type != expr.Type ? CedarBool.False : expr.Within is null ? CedarBool.True : In(entity, Evaluate(expr.Within));
    }

    private static bool Matches(ReadOnlySpan<char> text, ReadOnlySpan<string> pieces)
    {
        if (!text.StartsWith(pieces[0], StringComparison.Ordinal))
        {
            return false;
        }

        text = text[pieces[0].Length..];
        if (pieces.Length == 1)
        {
            return text.IsEmpty;
        }

        for (var skip = 0; skip <= text.Length; skip++)
        {
            if (Matches(text[skip..], pieces[1..]))
            {
                return true;
            }
        }

        return false;
    }

    private static CedarValue Call(ExtensionFunction function, CedarValue[] a) => function switch
    {
        ExtensionFunction.Ip or ExtensionFunction.Decimal or ExtensionFunction.Datetime or ExtensionFunction.Duration
            => ExtensionText.TryConstruct(function, To<CedarString>(a[0]).Value, out var value) ? value : throw new NaiveException(),
        ExtensionFunction.LessThan => CedarBool.Of(To<CedarDecimal>(a[0]).Units < To<CedarDecimal>(a[1]).Units),
        ExtensionFunction.LessThanOrEqual => CedarBool.Of(To<CedarDecimal>(a[0]).Units <= To<CedarDecimal>(a[1]).Units),
        ExtensionFunction.GreaterThan => CedarBool.Of(To<CedarDecimal>(a[0]).Units > To<CedarDecimal>(a[1]).Units),
        ExtensionFunction.GreaterThanOrEqual => CedarBool.Of(To<CedarDecimal>(a[0]).Units >= To<CedarDecimal>(a[1]).Units),
        ExtensionFunction.IsIpv4 => CedarBool.Of(To<CedarIpAddress>(a[0]).IsIpv4),
        ExtensionFunction.IsIpv6 => CedarBool.Of(!To<CedarIpAddress>(a[0]).IsIpv4),
        ExtensionFunction.IsLoopback => CedarBool.Of(To<CedarIpAddress>(a[0]).IsLoopback),
        ExtensionFunction.IsMulticast => CedarBool.Of(To<CedarIpAddress>(a[0]).IsMulticast),
        ExtensionFunction.IsInRange => CedarBool.Of(To<CedarIpAddress>(a[0]).IsInRange(To<CedarIpAddress>(a[1]))),
        ExtensionFunction.Offset => new CedarDatetime(checked(To<CedarDatetime>(a[0]).Milliseconds + To<CedarDuration>(a[1]).Milliseconds)),
        ExtensionFunction.DurationSince => new CedarDuration(checked(To<CedarDatetime>(a[0]).Milliseconds - To<CedarDatetime>(a[1]).Milliseconds)),
        ExtensionFunction.ToDate => new CedarDatetime(checked((long)(Math.Floor((decimal)To<CedarDatetime>(a[0]).Milliseconds / Day) * Day))),
        ExtensionFunction.ToTime => new CedarDuration((long)(To<CedarDatetime>(a[0]).Milliseconds - (Math.Floor((decimal)To<CedarDatetime>(a[0]).Milliseconds / Day) * Day))),
        ExtensionFunction.ToMilliseconds => new CedarLong(To<CedarDuration>(a[0]).Milliseconds),
        ExtensionFunction.ToSeconds => new CedarLong(To<CedarDuration>(a[0]).Milliseconds / 1_000),
        ExtensionFunction.ToMinutes => new CedarLong(To<CedarDuration>(a[0]).Milliseconds / 1_000 / 60),
        ExtensionFunction.ToHours => new CedarLong(To<CedarDuration>(a[0]).Milliseconds / 1_000 / 60 / 60),
        _ => new CedarLong(To<CedarDuration>(a[0]).Milliseconds / 1_000 / 60 / 60 / 24),
    };

    internal sealed class NaiveException : Exception;
}
