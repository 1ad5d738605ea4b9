using System.Collections.Concurrent;
using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Policies.Targets;

namespace AgentGate.Policies;

/// <summary>
/// Makes entities of principals, models, tools and targets, as values: whatever text a name holds, it becomes an id and never a
/// policy. What was made for a principal and a resource is kept for the next call.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PolicyEntities(IToolCatalog tools)
{
    /// <summary>The most pairs that are kept. Callers invent names; beyond this number everything is forgotten and made again.</summary>
    private const int KeptMax = 4_096;

    /// <summary>The longest name of a resource that is kept: a body's worth of text, kept that often, would fill the memory.</summary>
    private const int KeptLengthMax = 256;

    private readonly ConcurrentDictionary<Pair, PolicySubject> _kept = new();
    private readonly IToolRegistry? _registry = tools as IToolRegistry;

    /// <summary>A principal and what it acts on.</summary>
    /// <exception cref="ArgumentException">The schema has no such type of resource, or a name is not Unicode.</exception>
    public PolicySubject Of(Principal principal, EntityRef resource)
    {
        // What was worked out before a tool was registered is out of date, and never found again.
        var pair = new Pair(principal, resource, _registry?.Changes ?? 0);
        if (_kept.TryGetValue(pair, out var known))
        {
            return known;
        }

        var (agent, made) = (AgentOf(principal), ResourceOf(resource));
        var actions = resource.Type == EntityRef.ModelListType ? PolicyNames.ActionEntities : [];
        var (exact, folded) = Stores(agent, made, FoldedNames(made.Uid, []), actions);
        var subject = new PolicySubject(agent, made, exact, folded);
        if (resource.Id.Length > KeptLengthMax)
        {
            return subject;
        }

        if (_kept.Count >= KeptMax)
        {
            _kept.Clear();
        }

        // Every certificate about this pair writes these same bytes.
        CanonicalEntities.Keep(exact);
        if (folded is not null)
        {
            CanonicalEntities.Keep(folded);
        }

        _kept[pair] = subject;
        return subject;
    }

    /// <summary>A target of a tool's call. Made anew: arguments are seldom the same twice.</summary>
    /// <param name="subject">Who calls which tool.</param>
    /// <param name="target">The target.</param>
    public static PolicySubject Of(PolicySubject subject, Target target)
    {
        var entity = new Entity(target.Uid)
        {
            Parents = target.Within,
            Attributes = new CedarRecord([.. Names(target.Uid.Id), .. target.Attributes]),
        };
        var exact = subject.Entities.With(entity);
        var names = FoldedNames(target.Uid, target.Within);
        var folded = names.IsEmpty
            ? subject.Folded?.With(entity)
            : (subject.Folded ?? subject.Entities).With(entity with { Parents = [.. entity.Parents, .. names] });
        return new PolicySubject(subject.Principal, entity, exact, folded);
    }

    /// <summary>An id in its two spellings.</summary>
    private static KeyValuePair<string, CedarValue>[] Names(string id)
    {
        var exact = new CedarString(id);
        var key = Spelling.Fold(id);
        return [new("id", exact), new("key", ReferenceEquals(key, id) ? exact : new CedarString(key))];
    }

    private static (EntityStore Exact, EntityStore? Folded) Stores(
        Entity agent, Entity resource, ImmutableArray<EntityUid> names, IReadOnlyList<Entity> others)
    {
        var exact = EntityStore.Create([agent, resource, .. others]);
        var principal = FoldedNames(agent.Uid, []);
        if (names.IsEmpty && principal.IsEmpty)
        {
            return (exact, null);
        }

        var folded = EntityStore.Create(
        [
            agent with { Parents = [.. agent.Parents, .. principal] }, resource with { Parents = [.. resource.Parents, .. names] }, .. others,
        ]);
        return (exact, folded);
    }

    /// <summary>The folded names of an entity and of what it is in, as far as they are others.</summary>
    private static ImmutableArray<EntityUid> FoldedNames(EntityUid uid, ImmutableArray<EntityUid> within)
        => Spelling.Fold(uid.Id) is var folded && ReferenceEquals(folded, uid.Id)
            ? []
            : [.. within.Prepend(uid)
                .Select(name => new EntityUid(name.Type, Spelling.Fold(name.Id)))
                .Where(name => !name.Equals(uid) && !within.Contains(name))
                .Distinct()];

    private static Entity AgentOf(Principal principal)
    {
        var roles = principal.Roles.IsDefaultOrEmpty ? [] : principal.Roles.Select(static role => Spelling.Fold(role.Trim())).Distinct(StringComparer.Ordinal).ToArray();
        var attributes = new List<KeyValuePair<string, CedarValue>>(Names(principal.Id))
        {
            new("tenant", new CedarString(principal.Tenant)),
            new("scopes", Words(principal.Scopes)),
            new("roles", Words([.. roles])),
        };
        if (principal.KeyId is { } key)
        {
            attributes.Add(new("keyId", new CedarString(key)));
        }

        return new Entity(new EntityUid(PolicyNames.Agent, principal.Id))
        {
            Attributes = new CedarRecord(attributes),
            Parents = [.. roles.Select(static role => new EntityUid(PolicyNames.Role, role))],
        };
    }

    private Entity ResourceOf(EntityRef resource)
    {
        var type = PolicyNames.ResourceType(resource.Type);
        var uid = new EntityUid(type, resource.Id);
        if (type != PolicyNames.Tool)
        {
            return new Entity(uid) { Attributes = new CedarRecord(Names(resource.Id)) };
        }

        var declared = tools.DeclarationOf(resource.Id);
        var slash = resource.Id.LastIndexOf('/');
        return new Entity(uid)
        {
            Attributes = new CedarRecord(
            [
                .. Names(resource.Id),
                new("name", new CedarString(resource.Id[(slash + 1)..])),
                new("server", new CedarString(slash < 0 ? "" : resource.Id[..slash])),
                new("effects", Words(declared?.Effects ?? [])),
                new("declared", CedarBool.Of(declared is not null)),
                new("internal", CedarBool.Of(tools.IsInternal(resource.Id))),
            ]),
            Parents = [.. (declared?.Groups ?? []).Select(static group => new EntityUid(PolicyNames.ToolGroup, group))],
        };
    }

    private static CedarSet Words(ImmutableArray<string> words)
        => words.IsDefaultOrEmpty ? CedarSet.Empty : new CedarSet(words.Select(static word => new CedarString(word)));

    /// <summary>A principal and a resource by what they are, so that principals read anew from the same record are the same.</summary>
    private readonly struct Pair(Principal principal, EntityRef resource, int changes) : IEquatable<Pair>
    {
        private readonly Principal _principal = principal;
        private readonly EntityRef _resource = resource;
        private readonly int _changes = changes;

        public bool Equals(Pair other)
            => _resource == other._resource && _changes == other._changes
                && (ReferenceEquals(_principal, other._principal)
                    || (_principal.Id == other._principal.Id && _principal.Tenant == other._principal.Tenant && _principal.KeyId == other._principal.KeyId
                        && Same(_principal.Scopes, other._principal.Scopes) && Same(_principal.Roles, other._principal.Roles)));

        public override bool Equals(object? obj) => obj is Pair other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(_principal.Id, _principal.Tenant, _resource);

        private static bool Same(ImmutableArray<string> left, ImmutableArray<string> right)
            => left == right || (left.IsDefault ? right.IsDefault : !right.IsDefault && left.AsSpan().SequenceEqual(right.AsSpan()));
    }
}
