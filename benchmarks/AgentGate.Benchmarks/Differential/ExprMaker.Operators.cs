namespace AgentGate.Benchmarks.Differential;

/// <content>Operators and methods by the type of their result.</content>
internal sealed partial class ExprMaker
{
    private static readonly string[] s_comparisons = ["<", "<=", ">", ">="];
    private static readonly string[] s_decimalComparisons = ["lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"];
    private static readonly string[] s_addressTests = ["isIpv4", "isIpv6", "isLoopback", "isMulticast"];

    private GenNode Bool(int depth)
    {
        var less = depth - 1;
        switch (dice.Below(26))
        {
            case 0 or 1 or 2:
                return Binary(GenNode.And, "&&", GenNode.And, GenNode.Relation, Make(GenType.Bool, less), Make(GenType.Bool, less));
            case 3 or 4 or 5:
                return Binary(GenNode.Or, "||", GenNode.Or, GenNode.And, Make(GenType.Bool, less), Make(GenType.Bool, less));
            case 6 or 7:
                return Not(Make(GenType.Bool, less));
            case 8 or 9 or 10:
                var type = dice.OneIn(10) ? GenType.Long : world.Type(dice, 1);
                var other = dice.OneIn(12) ? world.Type(dice, 1) : type;
                return Relation(dice.OneIn(2) ? "==" : "!=", Make(type, less), Make(other, less));
            case 11 or 12:
                var ordered = dice.Of([GenType.Long, GenType.Long, GenType.Datetime, GenType.Duration]);
                return Relation(dice.Of(s_comparisons), Make(ordered, less), Make(ordered, less));
            case 13 or 14:
                return In(less);
            case 15 or 16:
                return Has(less);
            case 17:
                return new GenNode(GenNode.Relation, ["", " like " + GenText.Pattern(dice)], (Make(GenType.String, less), GenNode.Add));
            case 18:
                return Is(less);
            case 19 or 20:
                return SetTest(less);
            case 21:
                return HasTag(less);
            case 22:
                return Method(dice.Of(s_decimalComparisons), Make(GenType.Decimal, less), Make(GenType.Decimal, less));
            case 23:
                return Method(dice.Of(s_addressTests), Make(GenType.Ip, less));
            case 24:
                return Method("isInRange", Make(GenType.Ip, less), Make(GenType.Ip, less));
            default:
                return Leaf(GenType.Bool);
        }
    }

    private GenNode In(int depth)
    {
        var left = Make(new GenType.Entity(dice.OneIn(6) ? world.Prefix + "Action" : dice.Of(world.Types).Name), depth);
        var type = new GenType.Entity(dice.OneIn(6) ? world.Prefix + "Action" : dice.Of(world.Types).Name);
        return Relation("in", left, dice.OneIn(2) ? Make(type, depth) : Make(new GenType.Set(type), depth));
    }

    private GenNode Has(int depth)
    {
        var path = dice.Of(paths.All);
        return path.Names.Count > 0 && dice.Percent(60) ? path.Guard(dice)
            : path.Type is GenType.Record or GenType.Entity ? ExprPaths.Path.Has(path.Node(dice), dice.Of(["name", "age", "info", "with space", "nonsense"]), dice)
            : ExprPaths.Path.Has(Make(world.Record(dice, 1, 2), depth), dice.Of(["name", "age"]), dice);
    }

    private GenNode Is(int depth)
    {
        var type = dice.Of(world.Types).Name;
        var target = Make(new GenType.Entity(dice.Of(world.Types).Name), depth);
        return dice.OneIn(2)
            ? new GenNode(GenNode.Relation, ["", $" is {type}"], (target, GenNode.Add))
            : new GenNode(GenNode.Relation, ["", $" is {type} in ", ""], (target, GenNode.Add), (Make(new GenType.Entity(dice.Of(world.Types).Name), depth), GenNode.Add));
    }

    private GenNode SetTest(int depth)
    {
        var element = world.Type(dice, 0);
        var set = new GenType.Set(element);
        var known = paths.All.Where(path => path.Type is GenType.Set).ToList();
        if (known.Count > 0 && dice.OneIn(2))
        {
            set = (GenType.Set)dice.Of(known).Type;
            element = set.Element;
        }

        return dice.Below(4) switch
        {
            0 => Method("contains", Make(set, depth), Make(element, depth)),
            1 => Method("containsAll", Make(set, depth), Make(set, depth)),
            2 => Method("containsAny", Make(set, depth), Make(set, depth)),
            _ => Method("isEmpty", Make(set, depth)),
        };
    }

    private GenNode HasTag(int depth)
    {
        var tagged = world.Types.Where(type => type.Tags is not null || dice.OneIn(20)).ToList();
        return tagged.Count == 0
            ? Leaf(GenType.Bool)
            : Method("hasTag", Make(new GenType.Entity(dice.Of(tagged).Name), depth), Make(GenType.String, depth));
    }

    private GenNode Long(int depth)
    {
        var less = depth - 1;
        return dice.Below(12) switch
        {
            0 or 1 => Binary(GenNode.Add, "+", GenNode.Add, GenNode.Multiply, Make(GenType.Long, less), Make(GenType.Long, less)),
            2 or 3 => Binary(GenNode.Add, "-", GenNode.Add, GenNode.Multiply, Make(GenType.Long, less), Make(GenType.Long, less)),
            4 or 5 => Binary(GenNode.Multiply, "*", GenNode.Multiply, GenNode.Unary, Make(GenType.Long, less), Make(GenType.Long, less)),
            6 => new GenNode(GenNode.Unary, ["-", ""], (Make(GenType.Long, less), GenNode.Member)),
            7 or 8 => Method(dice.Of(["toMilliseconds", "toSeconds", "toMinutes", "toHours", "toDays"]), Make(GenType.Duration, less)),
            _ => Leaf(GenType.Long),
        };
    }

    private GenNode Time(GenType.Simple type, int depth)
    {
        var less = depth - 1;
        return dice.Below(4) switch
        {
            0 => type == GenType.Datetime
                ? Method("offset", Make(GenType.Datetime, less), Make(GenType.Duration, less))
                : Method("durationSince", Make(GenType.Datetime, less), Make(GenType.Datetime, less)),
            1 => Method(type == GenType.Datetime ? "toDate" : "toTime", Make(GenType.Datetime, less)),
            _ => Leaf(type),
        };
    }

    private GenNode Set(GenType.Set set, int depth)
        => dice.OneIn(2) && paths.To(set) is { Count: > 0 } reachable ? dice.Of(reachable).Node(dice) : SetLiteral(set, depth);

    private GenNode Not(GenNode operand)
        => dice.OneIn(6) ? new GenNode(GenNode.Unary, ["!!", ""], (operand, GenNode.Member)) : new GenNode(GenNode.Unary, ["!", ""], (operand, GenNode.Member));

    private GenNode Relation(string op, GenNode left, GenNode right) => Binary(GenNode.Relation, op, GenNode.Add, GenNode.Add, left, right);

    private GenNode Binary(int level, string op, int left, int right, GenNode first, GenNode second)
    {
        // Now and then the parentheses are left out: another tree, or an error, and both engines must agree which.
        if (dice.OneIn(150))
        {
            (left, right) = (0, 0);
        }

        var around = dice.Below(20) switch { 0 => $"\n  {op} ", 1 => $" {op} // why\n  ", 2 => op == "in" ? " in " : op, _ => $" {op} " };
        return new GenNode(level, ["", around, ""], (first, left), (second, right));
    }

    private static GenNode Method(string name, GenNode target, params GenNode[] arguments)
        => new(
            GenNode.Member,
            arguments.Length == 0 ? ["", $".{name}()"] : ["", $".{name}(", .. Enumerable.Repeat(", ", arguments.Length - 1), ")"],
            [(target, GenNode.Member), .. arguments.Select(argument => (argument, 0))]);
}
