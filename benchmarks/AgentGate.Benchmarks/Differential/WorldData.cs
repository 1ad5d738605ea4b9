using System.Text.Json.Nodes;

namespace AgentGate.Benchmarks.Differential;

/// <summary>Entities, contexts and requests of a world, in the JSON both engines read.</summary>
/// <param name="world">The world.</param>
/// <param name="guided">Whether the engines get the schema: then values may be written without <c>__entity</c> and <c>__extn</c>.</param>
/// <param name="dice">Where choices come from.</param>
internal sealed class WorldData(World world, bool guided, Dice dice)
{
    public static readonly IReadOnlyList<string> Ids = ["a", "b", "c", "", "x y", "ünï", "\"q\""];

    /// <summary>Entities of all types; ancestors lie further along, so there are no cycles.</summary>
    public List<JsonObject> Entities()
    {
        var entities = new List<JsonObject>();
        foreach (var type in world.Types)
        {
            var ids = dice.Some(Ids, 33);
            for (var i = 0; i < ids.Count; i++)
            {
                var parents = new JsonArray();
                foreach (var parent in type.Parents.Where(_ => dice.Percent(60)))
                {
                    var later = parent == type.Name ? ids[(i + 1)..] : Ids;
                    if (later.Count > 0)
                    {
                        parents.Add(Uid(parent, dice.Of(later)));
                    }
                }

                var entity = new JsonObject { ["uid"] = Uid(type.Name, ids[i]), ["attrs"] = Value(type.Shape), ["parents"] = parents };
                if (type.Tags is not null && dice.Percent(70))
                {
                    var tags = new JsonObject();
                    foreach (var tag in dice.Some(GenText.Strings, 20))
                    {
                        tags[tag] = Value(type.Tags);
                    }

                    entity["tags"] = tags;
                }

                entities.Add(entity);
            }
        }

        if (!guided)
        {
            foreach (var action in world.Actions)
            {
                entities.Add(new JsonObject
                {
                    ["uid"] = Uid(world.Prefix + "Action", action.Name),
                    ["attrs"] = new JsonObject(),
                    ["parents"] = new JsonArray([.. action.Groups.Select(group => (JsonNode?)Uid(world.Prefix + "Action", group))]),
                });
            }
        }

        return entities;
    }

    /// <summary>A request; with a schema one that conforms, nearly always.</summary>
    public JsonObject Request()
    {
        var action = dice.Of(world.Actions.Where(action => action.Applies is not null).ToList());
        var applies = action.Applies!;
        var stray = dice.OneIn(guided ? 60 : 8);
        return new JsonObject
        {
            ["principal"] = Uid(stray ? dice.Of(world.Types).Name : dice.Of(applies.Principals), dice.OneIn(10) ? "nobody" : dice.Of(Ids)),
            ["action"] = Uid(world.Prefix + "Action", stray && !guided && dice.OneIn(4) ? "unheard of" : action.Name),
            ["resource"] = Uid(stray ? dice.Of(world.Types).Name : dice.Of(applies.Resources), dice.OneIn(10) ? "nothing" : dice.Of(Ids)),
            ["context"] = Value(applies.Context),
        };
    }

    public static JsonObject Uid(string type, string id) => new() { ["type"] = type, ["id"] = id };

    private JsonNode Value(GenType type)
    {
        // Values of another type: without a schema everything goes, with one it is a refusal both must give.
        if (dice.OneIn(guided ? 4000 : 40))
        {
            type = dice.Of(GenType.Simples);
        }

        switch (type)
        {
            case GenType.Entity entity:
                var id = entity.Type == world.Enumerated ? dice.Of(world.EnumeratedIds) : dice.Of(Ids);
                return guided && dice.OneIn(2) ? Uid(entity.Type, id) : new JsonObject { ["__entity"] = Uid(entity.Type, id) };
            case GenType.Set set:
                return new JsonArray([.. Enumerable.Range(0, dice.Below(4)).Select(_ => Value(set.Element))]);
            case GenType.Record record:
                var fields = new JsonObject();
                foreach (var field in record.Fields.Where(field => field.Required ? guided || !dice.OneIn(12) : dice.Percent(60)))
                {
                    fields[field.Name] = Value(field.Type);
                }

                return fields;
            case GenType.Simple { Name: "Bool" }:
                return dice.OneIn(2);
            case GenType.Simple { Name: "Long" }:
                return dice.Of(GenText.JsonLongs);
            case GenType.Simple { Name: "String" }:
                return dice.Of(GenText.Strings);
            case GenType.Simple simple:
                var text = GenText.Extension(simple, !dice.OneIn(guided ? 3000 : 2000), dice);
                return guided && dice.OneIn(2)
                    ? (JsonNode)text
                    : new JsonObject { ["__extn"] = new JsonObject { ["fn"] = GenText.Constructor(simple), ["arg"] = text } };
            default:
                throw new InvalidOperationException($"{type} has no values");
        }
    }
}
