namespace AgentGate.Benchmarks.Differential;

/// <summary>Makes expressions: mostly of the type asked for, sometimes of another, now and then with the parentheses they need left out.</summary>
/// <param name="world">The world they speak of.</param>
/// <param name="paths">What they can reach.</param>
/// <param name="illTyped">In how many of a thousand places another type stands.</param>
/// <param name="dice">Where choices come from.</param>
internal sealed partial class ExprMaker(World world, ExprPaths paths, int illTyped, Dice dice)
{
    /// <summary>An expression of a type.</summary>
    public GenNode Make(GenType type, int depth)
    {
        if (dice.Below(1000) < illTyped)
        {
            type = world.Type(dice, 1);
        }

        var node = depth <= 0 ? Leaf(type) : dice.Below(12) switch
        {
            0 => new GenNode(GenNode.If, ["if ", " then ", " else ", ""], (Make(GenType.Bool, depth - 1), 0), (Make(type, depth - 1), 0), (Make(type, depth - 1), 0)),
            1 when Tagged(type) is { } tag => tag,
            2 when depth > 1 && type is not GenType.Record => Field(type, depth - 1),
            _ => Composite(type, depth),
        };
        return dice.OneIn(14) ? node with { Wrapped = true } : node;
    }

    private GenNode Composite(GenType type, int depth) => type switch
    {
        GenType.Simple { Name: "Bool" } => Bool(depth),
        GenType.Simple { Name: "Long" } => Long(depth),
        GenType.Simple { Name: "datetime" or "duration" } simple => Time(simple, depth),
        GenType.Set set => Set(set, depth),
        GenType.Record record => RecordOf(record, depth),
        _ => Leaf(type),
    };

    private GenNode Leaf(GenType type)
    {
        var reachable = dice.Percent(65) ? paths.To(type) : [];
        if (reachable.Count > 0)
        {
            var path = dice.Of(reachable);
            return path.Optional && dice.Percent(75)
                ? new GenNode(GenNode.If, ["if ", " then ", " else ", ""], (path.Guard(dice), 0), (path.Node(dice), 0), (Literal(type, 1), 0))
                : path.Node(dice);
        }

        return Literal(type, 2);
    }

    /// <summary>A literal, or a constructor with a literal.</summary>
    private GenNode Literal(GenType type, int depth) => type switch
    {
        GenType.Simple { Name: "Bool" } => GenNode.Leaf(dice.OneIn(2) ? "true" : "false"),
        GenType.Simple { Name: "Long" } => Number(dice.Of(GenText.Longs)),
        GenType.Simple { Name: "String" } => GenNode.Leaf(GenText.Quote(dice.Of(GenText.Strings), dice)),
        GenType.Simple simple => Extension(simple),
        GenType.Entity entity => GenNode.Leaf(Uid(entity.Type)),
        GenType.Set set => SetLiteral(set, depth),
        GenType.Record record => RecordOf(record, 0),
        _ => throw new InvalidOperationException($"{type} has no literal"),
    };

    private static GenNode Number(string text) => GenNode.Leaf(text, text[0] == '-' ? GenNode.Unary : GenNode.Member);

    private GenNode Extension(GenType.Simple type)
    {
        // Strict validation wants a literal in a constructor; evaluation takes any string.
        var argument = dice.OneIn(60) ? Make(GenType.String, 1) : GenNode.Leaf(GenText.Quote(GenText.Extension(type, !dice.OneIn(25), dice), dice.OneIn(20) ? dice : null));
        return new GenNode(GenNode.Member, [GenText.Constructor(type) + "(", ")"], (argument, 0));
    }

    private string Uid(string type) => type == world.Enumerated ? $"{type}::{GenText.Quote(dice.Of(world.EnumeratedIds), dice)}"
        : type == world.Prefix + "Action" ? world.Action(dice.Of(world.Actions).Name)
        : $"{type}::{GenText.Quote(dice.OneIn(12) ? "nobody" : dice.Of(WorldData.Ids), dice)}";

    private GenNode SetLiteral(GenType.Set set, int depth)
    {
        var count = dice.OneIn(40) ? 0 : 1 + dice.Below(4);
        var elements = Enumerable.Range(0, count).Select(_ => (depth > 1 ? Make(set.Element, depth - 2) : Literal(set.Element, 0), 0)).ToArray();
        return new GenNode(GenNode.Member, count == 0 ? ["[]"] : ["[", .. Enumerable.Repeat(", ", count - 1), dice.OneIn(30) ? ",]" : "]"], elements);
    }

    private GenNode RecordOf(GenType.Record record, int depth)
    {
        if (depth > 0 && dice.Percent(60) && paths.To(record) is { Count: > 0 } reachable)
        {
            return dice.Of(reachable).Node(dice);
        }

        var fields = record.Fields.Where(field => field.Required || dice.OneIn(2)).ToList();
        if (fields.Count == 0)
        {
            return GenNode.Leaf("{}");
        }

        var parts = new List<string>();
        foreach (var field in fields)
        {
            parts.Add((parts.Count == 0 ? "{" : ", ") + (GenText.IsIdentifier(field.Name) && dice.OneIn(2) ? field.Name : GenText.Quote(field.Name, dice)) + ": ");
        }

        return new GenNode(GenNode.Member, [.. parts, "}"], [.. fields.Select(field => (depth > 0 ? Make(field.Type, depth - 1) : Literal(field.Type, 0), 0))]);
    }

    /// <summary>A field of a record that is written on the spot.</summary>
    private GenNode Field(GenType type, int depth)
    {
        var name = dice.Of(["a", "b c", "if"]);
        var record = RecordOf(new GenType.Record([new GenType.Field(name, type, true), new GenType.Field("z", GenType.Long, true)]), depth);
        return ExprPaths.Path.Access(record, dice.OneIn(40) ? "missing" : name, dice);
    }

    /// <summary>A tag of an entity, asked for first or not.</summary>
    private GenNode? Tagged(GenType type)
    {
        var tagged = paths.All.Where(path => path.Type is GenType.Entity entity && world.Types.Exists(known => known.Name == entity.Type && known.Tags == type)).ToList();
        if (tagged.Count == 0)
        {
            return null;
        }

        var path = dice.Of(tagged);
        var name = dice.Percent(80) ? GenNode.Leaf(GenText.Quote(dice.Of(GenText.Strings))) : Make(GenType.String, 1);
        var entity = path.Node(dice);
        var get = new GenNode(GenNode.Member, ["", ".getTag(", ")"], (entity, GenNode.Member), (name, 0));
        var has = new GenNode(GenNode.Member, ["", ".hasTag(", ")"], (entity, GenNode.Member), (name, 0));
        return dice.Percent(25) ? get : new GenNode(GenNode.If, ["if ", " then ", " else ", ""], (has, 0), (get, 0), (Literal(type, 1), 0));
    }
}
