namespace AgentGate.Benchmarks.Differential;

/// <summary>What an author of a policy can reach from the four variables: attributes, attributes of attributes, and whether they may be missing.</summary>
internal sealed class ExprPaths
{
    private readonly World _world;
    private readonly List<Path> _all = [];

    public ExprPaths(World world, string principal, string action, string resource, GenType context)
    {
        _world = world;
        Add(new Path("principal", [], new GenType.Entity(principal), Optional: false), 2);
        Add(new Path("resource", [], new GenType.Entity(resource), Optional: false), 2);
        Add(new Path("action", [], new GenType.Entity(action), Optional: false), 0);
        Add(new Path("context", [], context, Optional: false), 3);
    }

    public IReadOnlyList<Path> All => _all;

    /// <summary>The paths to values of a type.</summary>
    public List<Path> To(GenType type) => _all.FindAll(path => path.Type == type);

    private void Add(Path path, int depth)
    {
        _all.Add(path);
        var shape = path.Type switch
        {
            GenType.Record record => record,
            GenType.Entity entity => _world.Types.FirstOrDefault(type => type.Name == entity.Type)?.Shape,
            _ => null,
        };
        if (depth > 0 && shape is not null && _all.Count < 150)
        {
            foreach (var field in shape.Fields)
            {
                Add(new Path(path.Variable, [.. path.Names, field.Name], field.Type, path.Optional || !field.Required), depth - 1);
            }
        }
    }

    internal sealed record Path(string Variable, IReadOnlyList<string> Names, GenType Type, bool Optional)
    {
        /// <summary>The expression, attributes with a dot or in brackets.</summary>
        public GenNode Node(Dice dice)
        {
            var node = GenNode.Leaf(Variable);
            foreach (var name in Names)
            {
                node = Access(node, name, dice);
            }

            return node;
        }

        /// <summary>Asks whether the value is there: in one chain where the names allow it, else step by step.</summary>
        public GenNode Guard(Dice dice)
        {
            if (Names.All(GenText.IsIdentifier) && dice.OneIn(2))
            {
                return new GenNode(GenNode.Relation, ["", $" has {string.Join('.', Names)}"], (GenNode.Leaf(Variable), GenNode.Add));
            }

            var node = GenNode.Leaf(Variable);
            GenNode? all = null;
            foreach (var name in Names)
            {
                var has = Has(node, name, dice);
                all = all is null ? has : new GenNode(GenNode.And, ["", " && ", ""], (all, GenNode.And), (has, GenNode.Relation));
                node = Access(node, name, dice);
            }

            return all ?? GenNode.Leaf("true");
        }

        public static GenNode Access(GenNode target, string name, Dice dice)
            => new(GenNode.Member, ["", GenText.IsIdentifier(name) && !dice.OneIn(5) ? "." + name : $"[{GenText.Quote(name, dice)}]"], (target, GenNode.Member));

        public static GenNode Has(GenNode target, string name, Dice dice)
            => new(GenNode.Relation, ["", GenText.IsIdentifier(name) && !dice.OneIn(4) ? " has " + name : " has " + GenText.Quote(name, dice)], (target, GenNode.Add));
    }
}
