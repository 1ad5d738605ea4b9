using System.Collections.Immutable;

namespace AgentGate.Benchmarks.Differential;

/// <summary>Makes policies and templates over a world.</summary>
internal sealed class PolicyMaker(World world, bool guided, Dice dice)
{
    private static readonly string[] s_annotations = ["@note(\"why not\")", "@id(\"from annotation\")", "@advice(\"\")", "@if(\"reserved\")", "@bare"];

    public GenPolicy Make(string id, bool template)
    {
        var action = dice.Of(world.Actions.Where(action => action.Applies is not null).ToList());
        var principal = dice.Of(action.Applies!.Principals);
        var resource = dice.Of(action.Applies.Resources);
        var paths = new ExprPaths(world, principal, world.Prefix + "Action", resource, action.Applies.Context);
        var maker = new ExprMaker(world, paths, guided ? 6 : 35, dice);
        var conditions = Enumerable.Range(0, dice.Below(10) switch { 0 => 0, < 7 => 1, < 9 => 2, _ => 3 })
            .Select(_ => (dice.OneIn(4), maker.Make(GenType.Bool, 1 + dice.Below(4))));

        // With a schema the scope mostly says what the conditions rely on, so that many policies are valid.
        var typed = guided && dice.Percent(75);
        var slots = template ? 1 + dice.Below(3) : 0;
        var policy = new GenPolicy(
            id,
            dice.Percent(60) ? "permit" : "forbid",
            Scope("principal", principal, typed, (slots & 1) != 0),
            ActionScope(action.Name, typed),
            Scope("resource", resource, typed, (slots & 2) != 0))
        {
            Annotations = dice.OneIn(8) ? [.. dice.Some(s_annotations, 40)] : [],
            Conditions = [.. conditions],
        };
        return policy with { Links = template ? Links(policy, principal, resource) : [] };
    }

    private ImmutableArray<GenPolicy.GenLink> Links(GenPolicy policy, string principal, string resource)
        => [.. Enumerable.Range(0, dice.Below(3)).Select(number => new GenPolicy.GenLink(
            $"{policy.Id} link {number}",
            policy.Principal.Contains('?', StringComparison.Ordinal) ? Entity(principal) : null,
            policy.Resource.Contains('?', StringComparison.Ordinal) ? Entity(resource) : null))];

    private (string Type, string Id) Entity(string type) => (dice.OneIn(3) ? dice.Of(world.Types).Name : type, dice.Of(WorldData.Ids));

    private string Scope(string variable, string type, bool typed, bool slot)
    {
        if (slot)
        {
            return dice.Below(3) switch { 0 => $"{variable} == ?{variable}", 1 => $"{variable} in ?{variable}", _ => $"{variable} is {type} in ?{variable}" };
        }

        var (known, id) = Entity(type);
        var entity = $"{known}::{GenText.Quote(id, dice)}";
        return typed
            ? dice.Below(5) switch { 0 => $"{variable} is {type} in {entity}", 1 => $"{variable} == {type}::{GenText.Quote(id, dice)}", _ => $"{variable} is {type}" }
            : dice.Below(10) switch
            {
                < 5 => variable,
                5 => $"{variable} == {entity}",
                6 => $"{variable} in {entity}",
                7 => $"{variable} is {type}",
                _ => $"{variable} is {type} in {entity}",
            };
    }

    private string ActionScope(string name, bool typed)
        => dice.Below(typed ? 3 : 8) switch
        {
            0 => $"action == {world.Action(name)}",
            1 => $"action in [{world.Action(name)}]",
            2 => $"action in {world.Action(name)}",
            3 => $"action in [{string.Join(", ", dice.Some(world.Actions.Select(action => world.Action(action.Name)), 50))}]",
            _ => "action",
        };
}
