using System.Text;

namespace AgentGate.Benchmarks.Differential;

/// <summary>A small world made by chance: entity types with attributes and tags, a hierarchy, actions with contexts.</summary>
internal sealed class World
{
    private static readonly string[] s_names = ["name", "age", "flag", "owner", "peers", "ip", "amount", "since", "ttl", "info", "with space", "has", "tags"];

    private World(string prefix) => Prefix = prefix;

    /// <summary>Empty, or a namespace with its colons.</summary>
    public string Prefix { get; }

    public List<TypeDefinition> Types { get; } = [];

    public List<ActionDefinition> Actions { get; } = [];

    /// <summary>The one enumerated entity type.</summary>
    public string Enumerated => Prefix + "Color";

    public IReadOnlyList<string> EnumeratedIds { get; } = ["red", "green", "blue \"sky\""];

    public static World Make(Dice dice)
    {
        var world = new World(dice.Of(["", "", "App::", "My::Shop::"]));
        string[] names = ["User", "Team", "Doc", "Folder"];
        for (var i = 0; i < names.Length; i++)
        {
            // Parents are types further along, or the type itself, so that hierarchies come without cycles.
            world.Types.Add(new TypeDefinition(world.Prefix + names[i], [.. names[i..].Where((name, at) => dice.Percent(at == 0 ? 40 : 60)).Select(name => world.Prefix + name)]));
        }

        foreach (var type in world.Types)
        {
            type.Shape = world.Record(dice, depth: 2, fields: 3 + dice.Below(5));
            type.Tags = dice.Percent(60) ? world.Type(dice, 1) : null;
        }

        foreach (var (name, groups) in ((string, string[])[])[("all", []), ("read", ["all"]), ("view", ["read"]), ("edit", ["all"]), ("delete it", [])])
        {
            world.Actions.Add(new ActionDefinition(name, groups, name is "all" or "read" && dice.OneIn(2)
                ? null
                : new Applies(Chosen(), Chosen(), world.Record(dice, depth: 2, fields: dice.Below(6)))));
        }

        return world;

        List<string> Chosen()
        {
            var some = dice.Some(world.Types.Select(type => type.Name), 50);
            return some.Count == 0 ? [world.Types[0].Name] : some;
        }
    }

    public TypeDefinition Of(string type) => Types.First(definition => definition.Name == type);

    public string Action(string name) => $"{Prefix}Action::{GenText.Quote(name)}";

    /// <summary>A type for an attribute.</summary>
    public GenType Type(Dice dice, int depth) => dice.Below(depth > 0 ? 16 : 12) switch
    {
        < 8 => dice.Of(GenType.Simples),
        < 11 => new GenType.Entity(dice.Of(Types).Name),
        11 => new GenType.Entity(Enumerated),
        < 14 => new GenType.Set(Type(dice, depth - 1)),
        _ => Record(dice, depth - 1, 1 + dice.Below(3)),
    };

    public GenType.Record Record(Dice dice, int depth, int fields)
        => new([.. Enumerable.Range(0, fields).Select(_ => dice.Of(s_names)).Distinct().Select(name => new GenType.Field(name, Type(dice, depth), dice.Percent(65)))]);

    /// <summary>The world as a schema in Cedar syntax.</summary>
    public string ToSchema()
    {
        var text = new StringBuilder();
        if (Prefix.Length > 0)
        {
            text.Append("namespace ").Append(Prefix[..^2]).AppendLine(" {");
        }

        foreach (var type in Types)
        {
            text.Append("entity ").Append(Local(type.Name));
            text.Append(type.Parents.Count > 0 ? $" in [{string.Join(", ", type.Parents.Select(Local))}]" : "");
            text.Append(" = ").Append(Show(type.Shape)).Append(type.Tags is null ? "" : $" tags {Show(type.Tags)}").AppendLine(";");
        }

        text.Append("entity ").Append(Local(Enumerated)).Append(" enum [").AppendJoin(", ", EnumeratedIds.Select(id => GenText.Quote(id))).AppendLine("];");
        foreach (var action in Actions)
        {
            text.Append("action ").Append(GenText.Quote(action.Name));
            text.Append(action.Groups.Count > 0 ? $" in [{string.Join(", ", action.Groups.Select(group => GenText.Quote(group)))}]" : "");
            text.Append(action.Applies is { } applies
                ? $" appliesTo {{ principal: [{string.Join(", ", applies.Principals.Select(Local))}], resource: [{string.Join(", ", applies.Resources.Select(Local))}], context: {Show(applies.Context)} }}"
                : "");
            text.AppendLine(";");
        }

        return text.Append(Prefix.Length > 0 ? "}" : "").ToString();
    }

    private string Local(string name) => name[Prefix.Length..];

    private string Show(GenType type) => type switch
    {
        GenType.Entity entity => Local(entity.Type),
        GenType.Set set => $"Set<{Show(set.Element)}>",
        GenType.Record record => "{" + string.Join(", ", record.Fields.Select(field => $"{GenText.Quote(field.Name)}{(field.Required ? "" : "?")}: {Show(field.Type)}")) + "}",
        GenType.Simple simple => simple.Name,
        _ => throw new InvalidOperationException($"{type} has no form in a schema"),
    };

    internal sealed record TypeDefinition(string Name, List<string> Parents)
    {
        public GenType.Record Shape { get; set; } = new([]);

        public GenType? Tags { get; set; }
    }

    internal sealed record Applies(List<string> Principals, List<string> Resources, GenType.Record Context);

    internal sealed record ActionDefinition(string Name, IReadOnlyList<string> Groups, Applies? Applies);
}
