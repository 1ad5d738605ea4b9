using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace AgentGate.Benchmarks.Differential;

/// <summary>Policies, entities and requests that both engines get.</summary>
internal sealed record DifferentialCase(ImmutableArray<GenPolicy> Policies, ImmutableArray<JsonObject> Entities, ImmutableArray<JsonObject> Requests)
{
    /// <summary>The schema both engines go by, or <see langword="null"/>.</summary>
    public string? Schema { get; init; }

    /// <summary>Whether the policies are handed over as one text, their ids then following from their positions.</summary>
    public bool AsOneText { get; init; }

    /// <summary>The text of all policies.</summary>
    public string Text => string.Join('\n', Policies);

    /// <summary>A case; the same for the same run and number.</summary>
    public static DifferentialCase Make(ulong seed, long number, int requests)
    {
        var dice = new Dice(seed, number);
        var world = World.Make(dice);
        var guided = dice.OneIn(2);
        var oneText = dice.OneIn(4);
        var maker = new PolicyMaker(world, guided, dice);
        var data = new WorldData(world, guided, dice);
        string[] names = ["p", "policy two", "ünï", "", "5", "p-6", "policy0"];
        var policies = Enumerable.Range(0, 1 + dice.Below(6)).Select(i => maker.Make(oneText ? $"policy{i}" : names[i], template: !oneText && dice.OneIn(6)));
        return new DifferentialCase([.. policies], [.. data.Entities()], [.. Enumerable.Range(0, requests).Select(_ => data.Request())])
        {
            Schema = guided ? world.ToSchema() : null,
            AsOneText = oneText,
        };
    }

    /// <summary>All cases with something less.</summary>
    public IEnumerable<DifferentialCase> Smaller()
    {
        for (var i = 0; i < Requests.Length && Requests.Length > 1; i++)
        {
            yield return this with { Requests = [Requests[i]] };
        }

        for (var i = 0; i < Policies.Length && Policies.Length > 1; i++)
        {
            yield return this with { Policies = Renumbered(Policies.RemoveAt(i)) };
        }

        if (Entities.Length > 1)
        {
            yield return this with { Entities = Entities[..(Entities.Length / 2)] };
            yield return this with { Entities = Entities[(Entities.Length / 2)..] };
        }

        for (var i = 0; i < Entities.Length; i++)
        {
            yield return this with { Entities = Entities.RemoveAt(i) };
        }

        for (var i = 0; i < Policies.Length; i++)
        {
            foreach (var smaller in Policies[i].Smaller())
            {
                yield return this with { Policies = Policies.SetItem(i, smaller) };
            }
        }

        for (var i = 0; i < Entities.Length; i++)
        {
            foreach (var smaller in Fewer(Entities[i], "attrs").Concat(Fewer(Entities[i], "tags")))
            {
                yield return this with { Entities = Entities.SetItem(i, smaller) };
            }

            if (Entities[i]["parents"] is JsonArray { Count: > 0 })
            {
                var orphan = (JsonObject)Entities[i].DeepClone();
                orphan["parents"] = new JsonArray();
                yield return this with { Entities = Entities.SetItem(i, orphan) };
            }
        }

        if (Requests.Length == 1)
        {
            foreach (var smaller in Fewer(Requests[0], "context"))
            {
                yield return this with { Requests = [smaller] };
            }
        }
    }

    /// <summary>The message that the official engine answers.</summary>
    public JsonObject ToMessage(long id, bool explain = false)
    {
        var statics = new JsonObject();
        var templates = new JsonObject();
        var links = new JsonArray();
        var texts = new JsonArray();
        foreach (var policy in Policies)
        {
            (policy.IsTemplate ? templates : statics)[policy.Id] = policy.ToString();
            texts.Add(new JsonArray(policy.IsTemplate ? "template" : "static", policy.ToString()));
            foreach (var link in policy.Links)
            {
                var values = new JsonObject();
                Fill("?principal", link.Principal);
                Fill("?resource", link.Resource);
                links.Add(new JsonObject { ["templateId"] = policy.Id, ["newId"] = link.Id, ["values"] = values });

                void Fill(string slot, (string Type, string Id)? entity)
                {
                    if (entity is { } uid)
                    {
                        values[slot] = WorldData.Uid(uid.Type, uid.Id);
                    }
                }
            }
        }

        return new JsonObject
        {
            ["id"] = id,
            ["explain"] = explain,
            ["schema"] = Schema,
            ["validate"] = Schema is not null,
            ["toJson"] = texts,
            ["policies"] = AsOneText
                ? new JsonObject { ["staticPolicies"] = Text }
                : new JsonObject { ["staticPolicies"] = statics, ["templates"] = templates, ["templateLinks"] = links },
            ["entities"] = new JsonArray([.. Entities.Select(entity => entity.DeepClone())]),
            ["requests"] = new JsonArray([.. Requests.Select(request => request.DeepClone())]),
        };
    }

    private ImmutableArray<GenPolicy> Renumbered(ImmutableArray<GenPolicy> policies)
        => AsOneText ? [.. policies.Select((policy, index) => policy with { Id = $"policy{index}" })] : policies;

    private static IEnumerable<JsonObject> Fewer(JsonObject whole, string part)
    {
        foreach (var name in (whole[part] as JsonObject)?.Select(field => field.Key).ToList() ?? [])
        {
            var smaller = (JsonObject)whole.DeepClone();
            ((JsonObject)smaller[part]!).Remove(name);
            yield return smaller;
        }
    }
}
