using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace AgentGate.Cedar.Syntax;

/// <summary>Policies, templates and links, as their authors wrote them. Immutable, thread-safe; changes make a new set and share the rest.</summary>
/// <remarks>Ids are unique over policies, templates and links. Order is that of addition.</remarks>
public sealed partial class PolicySet
{
    private readonly ImmutableList<Policy> _policies;
    private readonly ImmutableList<Policy> _templates;
    private readonly ImmutableDictionary<string, Policy> _byId;
    private readonly ImmutableDictionary<string, TemplateLink> _links;

    private PolicySet(
        ImmutableList<Policy> policies, ImmutableList<Policy> templates, ImmutableDictionary<string, Policy> byId, ImmutableDictionary<string, TemplateLink> links)
    {
        _policies = policies;
        _templates = templates;
        _byId = byId;
        _links = links;
    }

    /// <summary>No policies: everything is denied.</summary>
    public static PolicySet Empty { get; } = new(
        [], [], ImmutableDictionary.Create<string, Policy>(StringComparer.Ordinal), ImmutableDictionary.Create<string, TemplateLink>(StringComparer.Ordinal));

    /// <summary>The policies that decide: static ones and linked ones.</summary>
    public IReadOnlyList<Policy> Policies => _policies;

    /// <summary>The templates; they decide nothing by themselves.</summary>
    public IReadOnlyList<Policy> Templates => _templates;

    /// <summary>The links; each has made one of <see cref="Policies"/>.</summary>
    public IEnumerable<TemplateLink> Links => _policies.Where(policy => _links.ContainsKey(policy.Id)).Select(policy => _links[policy.Id]);

    /// <summary>The policy or template of this id.</summary>
    public bool TryGet(string id, [NotNullWhen(true)] out Policy? policy) => _byId.TryGetValue(id, out policy);

    /// <summary>The set with one more policy or template.</summary>
    /// <exception cref="ArgumentException">The id is taken.</exception>
    public PolicySet Add(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        CheckFree(policy.Id);
        return policy.IsTemplate
            ? new PolicySet(_policies, _templates.Add(policy), _byId.Add(policy.Id, policy), _links)
            : new PolicySet(_policies.Add(policy), _templates, _byId.Add(policy.Id, policy), _links);
    }

    /// <summary>The set with these policies and templates added, at the cost of one change.</summary>
    /// <exception cref="ArgumentException">An id is taken, or occurs twice.</exception>
    public PolicySet AddRange(IEnumerable<Policy> policies)
    {
        ArgumentNullException.ThrowIfNull(policies);
        var (deciding, templates, byId) = (_policies.ToBuilder(), _templates.ToBuilder(), _byId.ToBuilder());
        foreach (var policy in policies)
        {
            if (!byId.TryAdd(policy.Id, policy))
            {
                throw new ArgumentException($"the policy id `{policy.Id}` is taken", nameof(policies));
            }

            (policy.IsTemplate ? templates : deciding).Add(policy);
        }

        return new PolicySet(deciding.ToImmutable(), templates.ToImmutable(), byId.ToImmutable(), _links);
    }

    /// <summary>The set with a policy linked from a template.</summary>
    /// <exception cref="ArgumentException">There is no such template, its slots and the values differ, or the id is taken.</exception>
    public PolicySet Link(TemplateLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        CheckFree(link.Id);
        if (!_byId.TryGetValue(link.TemplateId, out var template) || !template.IsTemplate)
        {
            throw new ArgumentException($"there is no template `{link.TemplateId}`", nameof(link));
        }

        var policy = template.Link(link.Id, link.Principal, link.Resource);
        return new PolicySet(_policies.Add(policy), _templates, _byId.Add(link.Id, policy), _links.Add(link.Id, link));
    }

    /// <summary>The set without a policy, link or template; itself when there is no such id.</summary>
    /// <exception cref="ArgumentException">It is a template that still has links.</exception>
    public PolicySet Remove(string id)
    {
        if (!_byId.TryGetValue(id, out var policy))
        {
            return this;
        }

        if (policy.IsTemplate)
        {
            return _links.Values.FirstOrDefault(link => link.TemplateId == id) is { } link
                ? throw new ArgumentException($"template `{id}` is linked as `{link.Id}`; remove that first", nameof(id))
                : new PolicySet(_policies, _templates.Remove(policy), _byId.Remove(id), _links);
        }

        return new PolicySet(_policies.Remove(policy), _templates, _byId.Remove(id), _links.Remove(id));
    }

    private void CheckFree(string id)
    {
        if (_byId.ContainsKey(id))
        {
            throw new ArgumentException($"the policy id `{id}` is taken", nameof(id));
        }
    }
}
