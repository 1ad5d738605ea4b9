using System.Collections.Immutable;
using System.Globalization;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Tests.Laws;

/// <summary>Random policies, entities and requests over a world so small that things meet: few types, few ids, few attributes. The same seed makes the same.</summary>
internal sealed class SmallWorld(int seed)
{
    private static readonly string[] s_attributes = ["n", "s", "b", "u", "set", "rec", "ip", "dec", "at", "for", "missing"];
    private static readonly string[] s_texts = ["", "a", "ab", "b*", "10.0.0.1", "1.5", "2024-01-01", "1h", "x\\y"];
    private readonly Random _random = new(seed);

    public PolicySet Policies(int atMost)
    {
        var set = PolicySet.Empty;
        var count = _random.Next(atMost + 1);
        for (var i = 0; i < count; i++)
        {
            set = set.Add(Policy("p" + i.ToString(CultureInfo.InvariantCulture)));
        }

        return set;
    }

    public Policy Policy(string id) => new()
    {
        Id = id,
        Effect = _random.Next(3) == 0 ? PolicyEffect.Forbid : PolicyEffect.Permit,
        Principal = Scope(),
        Action = ActionScope(),
        Resource = Scope(),
        Conditions = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => new PolicyCondition(_random.Next(4) == 0, Condition()))],
    };

    public EntityStore Entities()
    {
        // Parents come from further down the list only: no cycles.
        var uids = AllUids();
        return EntityStore.Create(uids.Where(_ => _random.Next(6) > 0).Select(uid => new Entity(uid)
        {
            Parents = [.. uids.SkipWhile(other => !other.Equals(uid)).Skip(1).Where(other => IsAction(other) == IsAction(uid) && _random.Next(4) == 0)],
            Attributes = Record(),
            Tags = new CedarRecord(s_texts.Where(_ => _random.Next(3) == 0).Select(text => KeyValuePair.Create(text, Value(1)))),
        }).ToArray());
    }

    public AuthorizationRequest Request() => new(Entity(), Action(), Entity(), Record());

    public Expr Expression(int depth)
    {
        if (depth == 0 || _random.Next(8) == 0)
        {
            return _random.Next(3) == 0 ? new Expr.Literal(Literal()) : new Expr.Variable((RequestVariable)_random.Next(4));
        }

        Expr Next() => Expression(depth - 1);
        return _random.Next(14) switch
        {
            0 => new Expr.If(Next(), Next(), Next()),
            1 => new Expr.And(Next(), Next()),
            2 => new Expr.Or(Next(), Next()),
            3 => new Expr.Unary((UnaryOperator)_random.Next(3), Next()),
            4 or 5 or 6 => new Expr.Binary((BinaryOperator)_random.Next(Enum.GetValues<BinaryOperator>().Length), Next(), Next()),
            7 or 8 => new Expr.GetAttribute(Next(), Pick(s_attributes)),
            9 => new Expr.HasAttribute(Next(), [.. Enumerable.Range(0, 1 + _random.Next(3)).Select(_ => Pick(s_attributes))]),
            10 => new Expr.Like(Next(), new LikePattern([.. Enumerable.Range(0, 1 + _random.Next(3)).Select(_ => Pick(s_texts))])),
            11 => new Expr.Is(Next(), Entity().Type, _random.Next(2) == 0 ? null : Next()),
            12 => new Expr.Set([.. Enumerable.Range(0, _random.Next(3)).Select(_ => Next())]),
            _ => Call(Next),
        };
    }

    /// <summary>A boolean more often than not: two attributes compared, or whatever comes.</summary>
    private Expr Condition() => _random.Next(3) switch
    {
        0 => Expression(3),
        1 => new Expr.Binary((BinaryOperator)_random.Next(6), Attribute(), new Expr.Literal(Literal())),
        _ => new Expr.And(new Expr.HasAttribute(Variable(), [Pick(s_attributes)]), new Expr.Binary(BinaryOperator.Equal, Attribute(), Attribute())),
    };

    private Expr.Variable Variable() => new((RequestVariable)_random.Next(4));

    private Expr.GetAttribute Attribute() => new(Variable(), Pick(s_attributes));

    private Expr.ExtensionCall Call(Func<Expr> next)
    {
        var signature = ExtensionSignature.Of((ExtensionFunction)_random.Next(Enum.GetValues<ExtensionFunction>().Length));
        return new(signature.Function, [.. signature.Parameters.Select(kind =>
            kind == CedarValueKind.String ? new Expr.Literal(new CedarString(Pick(s_texts)))
            : _random.Next(2) == 0 ? next()
            : new Expr.GetAttribute(Variable(), kind switch
            {
                CedarValueKind.IpAddress => "ip",
                CedarValueKind.Decimal => "dec",
                CedarValueKind.Datetime => "at",
                _ => "for",
            }))]);
    }

    private CedarRecord Record() => new(s_attributes[..^1].Where(_ => _random.Next(5) > 0).Select(name => KeyValuePair.Create(name, name switch
    {
        "n" => new CedarLong(Number()),
        "s" => new CedarString(Pick(s_texts)),
        "b" => CedarBool.Of(_random.Next(2) == 0),
        "u" => Entity(),
        "set" => new CedarSet(Enumerable.Range(0, _random.Next(12)).Select(_ => Value(1))),
        "rec" => new CedarRecord(KeyValuePair.Create<string, CedarValue>("n", Value(1)), KeyValuePair.Create<string, CedarValue>("u", Entity())),
        _ => Extension(name),
    })));

    private CedarValue Extension(string name) => name switch
    {
        "ip" => CedarIpAddress.TryParse(Pick(["10.0.0.1", "10.0.0.0/8", "::1", "224.0.0.1"]), out var ip) ? ip : throw new FormatException(),
        "dec" => new CedarDecimal(Number()),
        "at" => new CedarDatetime(Number()),
        _ => new CedarDuration(Number()),
    };

    private CedarValue Value(int depth) => _random.Next(depth > 0 ? 7 : 5) switch
    {
        0 => new CedarLong(Number()),
        1 => new CedarString(Pick(s_texts)),
        2 => Entity(),
        3 => Extension(Pick(["ip", "dec", "at", "for"])),
        4 => CedarBool.Of(_random.Next(2) == 0),
        5 => new CedarSet(Enumerable.Range(0, _random.Next(4)).Select(_ => Value(depth - 1))),
        _ => new CedarRecord(KeyValuePair.Create("n", Value(depth - 1))),
    };

    private CedarValue Literal() => _random.Next(4) switch
    {
        0 => new CedarLong(Number()),
        1 => new CedarString(Pick(s_texts)),
        2 => Entity(),
        _ => CedarBool.Of(_random.Next(2) == 0),
    };

    private long Number() => _random.Next(8) switch
    {
        0 => long.MinValue,
        1 => long.MaxValue,
        2 => -_random.Next(100_000_000),
        _ => _random.Next(3),
    };

    private ScopeConstraint Scope() => _random.Next(14) switch
    {
        0 => new ScopeConstraint.Equal(Entity()),
        1 => new ScopeConstraint.In(Entity()),
        2 => new ScopeConstraint.Is(Entity().Type),
        3 => new ScopeConstraint.IsIn(Entity().Type, Entity()),
        _ => ScopeConstraint.Any.Instance,
    };

    private ActionConstraint ActionScope() => _random.Next(7) switch
    {
        0 => new ActionConstraint.Equal(Action()),
        1 => new ActionConstraint.In([Action()], IsList: false),
        2 => new ActionConstraint.In([.. Enumerable.Range(0, _random.Next(4)).Select(_ => Action())], IsList: true),
        _ => ActionConstraint.Any.Instance,
    };

    private EntityUid Entity() => new(Pick(["U", "G", "N::R"]), Pick(["1", "2", "3"]));

    private EntityUid Action() => new("Action", Pick(["read", "write", "all"]));

    private static bool IsAction(EntityUid uid) => uid.Type.IsAction;

    private static ImmutableArray<EntityUid> AllUids() =>
    [
        .. from type in new[] { "U", "G", "N::R" } from id in new[] { "1", "2", "3" } select new EntityUid(type, id),
        .. from id in new[] { "read", "write", "all" } select new EntityUid("Action", id),
    ];

    private T Pick<T>(ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];
}
