using System.Collections.Frozen;
using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Policies;

/// <summary>The names of the published schema as values. Names are looked up here and never put together from text.</summary>
internal static class PolicyNames
{
    public static readonly EntityTypeName Agent = Type("AgentGate::Agent");
    public static readonly EntityTypeName Role = Type("AgentGate::Role");
    public static readonly EntityTypeName ActionType = Type("AgentGate::Action");
    public static readonly EntityTypeName Tool = Type(EntityRef.ToolType);
    public static readonly EntityTypeName ToolGroup = Type("AgentGate::ToolGroup");
    public static readonly EntityTypeName Path = Type("AgentGate::Path");
    public static readonly EntityTypeName Host = Type("AgentGate::Host");
    public static readonly EntityTypeName Url = Type("AgentGate::Url");
    public static readonly EntityTypeName Bucket = Type("AgentGate::Bucket");
    public static readonly EntityTypeName Address = Type("AgentGate::Address");
    public static readonly EntityTypeName Item = Type("AgentGate::Item");

    private static readonly FrozenDictionary<string, EntityTypeName> Resources = new[]
    {
        Tool, Type(EntityRef.ModelType), Type(EntityRef.ModelListType), Type(EntityRef.ProviderToolType), Type(EntityRef.FetchedContentType),
        Type(EntityRef.PolicySetType), Type(EntityRef.GrantType),
    }.ToFrozenDictionary(type => type.Text, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, EntityUid> Actions = GateActions.All.Concat(GateActions.Effects)
        .ToFrozenDictionary(action => action, action => new EntityUid(ActionType, action), StringComparer.Ordinal);

    /// <summary>The actions with their groups, as the entities of a request hold them.</summary>
    public static ImmutableArray<Entity> ActionEntities { get; } =
    [
        .. Actions.Values.Select(action => new Entity(action)
        {
            Parents = action.Id == GateActions.ListModels ? [Actions[GateActions.Read]] : [],
        }),
    ];

    /// <summary>Whether ids of a type keep their case.</summary>
    public static bool HasCase(EntityTypeName type)
        => Resources.ContainsKey(type.Text) || type == Path || type == Url || type == Bucket || type == Item;

    /// <summary>The type of what a call acts on.</summary>
    /// <exception cref="ArgumentException">The schema has no such type.</exception>
    public static EntityTypeName ResourceType(string type)
        => Resources.TryGetValue(type, out var name) ? name : throw new ArgumentException($"`{type}` is no type of resource", nameof(type));

    /// <summary>An action of the schema.</summary>
    /// <exception cref="ArgumentException">The schema has no such action.</exception>
    public static EntityUid Action(string action)
        => Actions.TryGetValue(action, out var uid) ? uid : throw new ArgumentException($"`{action}` is no action", nameof(action));

    private static EntityTypeName Type(string text) => EntityTypeName.Parse(text);
}
