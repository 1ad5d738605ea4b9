using System.Collections.Immutable;
using AgentGate.Cedar.Entities;

namespace AgentGate.Policies.Targets;

/// <summary>Something a tool acts on, in its one spelling: the resource of a request of its own.</summary>
/// <param name="Uid">What it is, case kept.</param>
/// <param name="Within">What it is in, nearest first: folders, domains. Case kept.</param>
/// <param name="Attributes">What policies can say about it beside <c>id</c> and <c>key</c>.</param>
internal sealed record Target(EntityUid Uid, ImmutableArray<EntityUid> Within, ImmutableArray<KeyValuePair<string, CedarValue>> Attributes)
{
    /// <summary>A target without further attributes.</summary>
    public Target(EntityUid uid, params ImmutableArray<EntityUid> within)
        : this(uid, within, [])
    {
    }
}
