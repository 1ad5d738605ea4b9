using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Tests.Laws;

/// <summary>Random policies that are mostly well typed, with entities and requests that conform. The same seed makes the same.</summary>
internal sealed class TypedWorld(int seed)
{
    private static readonly string[] s_texts = ["", "a", "ab", "10.0.0.1"];
    private static readonly string[] s_ids = ["1", "2"];
    private readonly Random _random = new(seed);

    public static CedarSchema Schema { get; } = CedarSchema.Parse("""
        entity G in [G];
        entity U in [G] {
            n: Long, s: String, b: Bool, u: U, set: Set<Long>, rec: { n: Long, o?: String },
            ip: ipaddr, dec: decimal, at: datetime, dur: duration, opt?: Long, users: Set<U>
        } tags String;
        entity R in [G, U] { n: Long, owner: U, opt?: { n?: Long } };
        action all;
        action read, write in [all] appliesTo { principal: U, resource: [R, U], context: { n: Long, opt?: String, ip?: ipaddr } };
        action list appliesTo { principal: [U, G], resource: G };
        """);

    private enum Want
    {
        Bool,
        Long,
        String,
        User,
        Longs,
        Ip,
        Decimal,
        Datetime,
        Duration,
    }

    public Policy Policy() => new()
    {
        Id = "p",
        Effect = _random.Next(2) == 0 ? PolicyEffect.Permit : PolicyEffect.Forbid,
        Principal = new ScopeConstraint.Is(EntityTypeName.Parse("U")),
        Action = new ActionConstraint.In([new EntityUid("Action", Pick(["read", "write", "all"]))], IsList: false),
        Resource = _random.Next(2) == 0 ? new ScopeConstraint.Is(EntityTypeName.Parse("R")) : ScopeConstraint.Any.Instance,
        Conditions = [new PolicyCondition(_random.Next(4) == 0, Expression(Want.Bool, 4))],
    };

    public EntityStore Entities()
    {
        var groups = s_ids.Select((id, i) => new Entity(new EntityUid("G", id)) { Parents = i == 0 ? [] : [new EntityUid("G", s_ids[0])] });
        var users = s_ids.Where(_ => _random.Next(8) > 0).Select(id => new Entity(new EntityUid("U", id))
        {
            Parents = _random.Next(2) == 0 ? [Group()] : [],
            Attributes = UserRecord(),
            Tags = new CedarRecord(s_texts.Where(_ => _random.Next(2) == 0).Select(text => KeyValuePair.Create<string, CedarValue>(text, Text()))),
        });
        var resources = s_ids.Select(id => new Entity(new EntityUid("R", id))
        {
            Parents = _random.Next(2) == 0 ? [Group()] : [User()],
            Attributes = Fields(
                ("n", Number()), ("owner", User()), ("opt", _random.Next(2) == 0 ? null : Fields(("n", _random.Next(2) == 0 ? null : Number())))),
        });
        return EntityStore.Create(groups.Concat(users).Concat(resources).Concat(Schema.ActionEntities()).ToArray());
    }

    public AuthorizationRequest Request() => new(
        User(), new EntityUid("Action", Pick(["read", "write"])), _random.Next(3) == 0 ? User() : new EntityUid("R", Pick(s_ids)),
        Fields(("n", Number()), ("opt", _random.Next(2) == 0 ? null : Text()), ("ip", _random.Next(2) == 0 ? null : Ip())));

    private CedarRecord UserRecord() => Fields(
        ("n", Number()), ("s", Text()), ("b", CedarBool.Of(_random.Next(2) == 0)), ("u", User()), ("set", new CedarSet(Number(), Number())),
        ("rec", Fields(("n", Number()), ("o", _random.Next(2) == 0 ? null : Text()))), ("ip", Ip()), ("dec", new CedarDecimal(_random.Next(100))),
        ("at", new CedarDatetime(_random.Next(1_000))), ("dur", new CedarDuration(_random.Next(100))), ("opt", _random.Next(2) == 0 ? null : Number()),
        ("users", new CedarSet(User(), User())));

    private Expr Expression(Want want, int depth)
    {
        Expr Of(Want inner) => Expression(inner, depth - 1);
        if (depth == 0)
        {
            return Leaf(want);
        }

        // Now and then something of another type: the validator must refuse it, or know why it cannot hurt.
        if (_random.Next(40) == 0)
        {
            return Expression((Want)_random.Next(9), depth - 1);
        }

        return (want, _random.Next(want == Want.Bool ? 14 : 3)) switch
        {
            (_, 0) => new Expr.If(Of(Want.Bool), Of(want), Of(want)),
            (Want.Bool, 1) => new Expr.And(Of(Want.Bool), Of(Want.Bool)),
            (Want.Bool, 2) => new Expr.Or(Of(Want.Bool), Of(Want.Bool)),
            (Want.Bool, 3) => new Expr.Unary(UnaryOperator.Not, Of(Want.Bool)),
            (Want.Bool, 4) => new Expr.Binary(Pick([BinaryOperator.Less, BinaryOperator.GreaterOrEqual]), Of(Want.Long), Of(Want.Long)),
            (Want.Bool, 5) => new Expr.Binary(Pick([BinaryOperator.Equal, BinaryOperator.NotEqual]), Of(Want.String), Of(Want.String)),
            (Want.Bool, 6) => new Expr.Binary(BinaryOperator.In, Of(Want.User), _random.Next(2) == 0 ? new Expr.Literal(Group()) : Of(Want.User)),
            (Want.Bool, 7) => Guarded(new Expr.HasAttribute(Of(Want.User), ["opt"]), has => new Expr.Binary(BinaryOperator.Less, new Expr.GetAttribute(has, "opt"), Of(Want.Long))),
            (Want.Bool, 8) => new Expr.Binary(Pick([BinaryOperator.Contains]), Of(Want.Longs), Of(Want.Long)),
            (Want.Bool, 9) => new Expr.Like(Of(Want.String), new LikePattern(["a", ""])),
            (Want.Bool, 10) => new Expr.Is(new Expr.Variable(RequestVariable.Resource), EntityTypeName.Parse(Pick(["R", "U", "G"])), null),
            (Want.Bool, 11) => Guarded(new Expr.HasAttribute(new Expr.Variable(RequestVariable.Resource), ["opt", "n"]), has => new Expr.Binary(BinaryOperator.Equal, new Expr.GetAttribute(new Expr.GetAttribute(has, "opt"), "n"), Of(Want.Long))),
            (Want.Bool, 12) => Tagged(Of(Want.User), Of(Want.String)),
            (Want.Bool, _) => Call(ExtensionFunction.IsInRange, Of(Want.Ip), Of(Want.Ip)),
            (Want.Long, 1) => new Expr.Binary(Pick([BinaryOperator.Add, BinaryOperator.Subtract, BinaryOperator.Multiply]), Of(Want.Long), Of(Want.Long)),
            (Want.Long, 2) => Call(ExtensionFunction.ToHours, Of(Want.Duration)),
            (Want.User, 1) => new Expr.GetAttribute(Of(Want.User), "u"),
            (Want.Longs, 1) => new Expr.Set([Of(Want.Long), Of(Want.Long)]),
            (Want.Datetime, 1) => Call(ExtensionFunction.Offset, Of(Want.Datetime), Of(Want.Duration)),
            (Want.Duration, 1) => Call(ExtensionFunction.DurationSince, Of(Want.Datetime), Of(Want.Datetime)),
            _ => new Expr.GetAttribute(Of(Want.User), Attribute(want)),
        };
    }

    private Expr Guarded(Expr.HasAttribute has, Func<Expr, Expr> use) => _random.Next(6) switch
    {
        0 => new Expr.Or(has, use(has.Target)),
        1 => new Expr.And(use(has.Target), has),
        2 => new Expr.If(has, use(has.Target), Leaf(Want.Bool)),
        _ => new Expr.And(has, use(has.Target)),
    };

    private Expr Tagged(Expr user, Expr key)
    {
        var use = new Expr.Like(new Expr.Binary(BinaryOperator.GetTag, user, key), new LikePattern(["", "b"]));
        return _random.Next(6) == 0 ? use : new Expr.And(new Expr.Binary(BinaryOperator.HasTag, user, key), use);
    }

    private static Expr.ExtensionCall Call(ExtensionFunction function, params Expr[] arguments) => new(function, [.. arguments]);

    private Expr Leaf(Want want) => want switch
    {
        Want.Bool => new Expr.Literal(CedarBool.Of(_random.Next(2) == 0)),
        Want.Long => _random.Next(2) == 0 ? new Expr.Literal(Number()) : new Expr.GetAttribute(new Expr.Variable(RequestVariable.Context), "n"),
        Want.String => new Expr.Literal(Text()),
        Want.User => _random.Next(3) switch
        {
            0 => new Expr.Literal(User()),
            1 => new Expr.GetAttribute(new Expr.Variable(RequestVariable.Resource), "owner"),
            _ => new Expr.Variable(RequestVariable.Principal),
        },
        Want.Longs => new Expr.Set([new Expr.Literal(Number())]),
        Want.Ip => Call(ExtensionFunction.Ip, new Expr.Literal(new CedarString(Pick(["10.0.0.1", "10.0.0.0/8", "::1", "wrong"])))),
        Want.Decimal => Call(ExtensionFunction.Decimal, new Expr.Literal(new CedarString("1.5"))),
        Want.Datetime => Call(ExtensionFunction.Datetime, new Expr.Literal(new CedarString("2024-01-01"))),
        _ => Call(ExtensionFunction.Duration, new Expr.Literal(new CedarString("1h"))),
    };

    private static string Attribute(Want want) => want switch
    {
        Want.Bool => "b",
        Want.Long => "n",
        Want.String => "s",
        Want.User => "u",
        Want.Longs => "set",
        Want.Ip => "ip",
        Want.Decimal => "dec",
        Want.Datetime => "at",
        _ => "dur",
    };

    private static CedarRecord Fields(params (string Name, CedarValue? Value)[] fields)
        => new(fields.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Name, field.Value!)));

    private CedarLong Number() => new(_random.Next(6) == 0 ? long.MaxValue : _random.Next(4));

    private CedarString Text() => new(Pick(s_texts));

    private EntityUid User() => new("U", Pick(s_ids));

    private EntityUid Group() => new("G", Pick(s_ids));

    private CedarIpAddress Ip() => CedarIpAddress.TryParse(Pick(["10.0.0.1", "::1"]), out var value) ? value : throw new FormatException();

    private T Pick<T>(ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];
}
