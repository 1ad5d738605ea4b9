using System.Collections.Immutable;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Entities;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Policies.Targets;

namespace AgentGate.Policies;

/// <summary>The requests of one call to the policies, made once however many sets are asked.</summary>
/// <remarks>Not thread-safe: a call is one flow.</remarks>
internal sealed class CallPolicies(GateCall call, PolicyEntities entities)
{
    private CedarRecord? _own;
    private CedarRecord? _byModel;
    private PolicyRequest? _restore;
    private List<(string Name, PolicyRequest Request)>? _declared;

    /// <summary>What is asked so far: the call's own action and everything it also requires. All must be permitted.</summary>
    public List<Asked> Required { get; } = [];

    /// <summary>Adds the call's own request, and what it also requires.</summary>
    /// <returns>The action whose resource has a name that no policy can be held against, or <see langword="null"/>.</returns>
    public string? Add()
    {
        var main = new ResourceRequest(call.Action, call.Resource);
        foreach (var (action, resource) in call.AlsoRequires.IsDefaultOrEmpty ? [main] : call.AlsoRequires.Prepend(main))
        {
            if (!Wildcard.IsComparable(resource.Id))
            {
                return action;
            }

            var isForced = action == GateActions.CallTool && call.Action != GateActions.CallTool;
            Required.Add(new Asked(action, $"{TypeOf(resource)} \"{Spelling.OnRecord(resource.Id)}\"", isForced, Request(action, resource, isForced || call.ParentId is not null)));
        }

        return null;
    }

    /// <summary>Adds what the tool would do to each target.</summary>
    public void Add(ImmutableArray<TargetRequest> targets)
    {
        if (targets.IsDefaultOrEmpty)
        {
            return;
        }

        var subject = entities.Of(call.Principal, call.Resource);
        foreach (var (action, target, argument) in targets)
        {
            // The target itself is content, which no reason repeats.
            var (principal, resource, exact, folded) = PolicyEntities.Of(subject, target);
            var request = new AuthorizationRequest(
                principal.Uid, PolicyNames.Action(action), resource.Uid, PolicyContext.Of(call, subject.Resource.Uid, argument));
            Required.Add(new Asked(
                action, $"what the argument \"{argument}\" of Tool \"{Spelling.OnRecord(call.Resource.Id)}\" names", false, new PolicyRequest(request, exact, folded)));
        }
    }

    /// <summary>Asks a set for everything that is required; the first answer that is no ends it.</summary>
    public PolicyAnswer Ask(Authorizer authorizer)
    {
        var first = default(PolicyRuling);
        for (var i = 0; i < Required.Count; i++)
        {
            var ruling = PolicyRuling.Of(authorizer, Required[i].Request);
            if (ruling.Code is not null)
            {
                return new PolicyAnswer(ruling, Required[i]);
            }

            first = i == 0 ? ruling : first with { Errors = [.. first.Errors, .. ruling.Errors] };
        }

        return new PolicyAnswer(first, null);
    }

    /// <summary>Whether a set permits that the tool gets values in place of tokens. Nothing to put back needs no permission and gets none.</summary>
    public bool MayRestore(Authorizer authorizer)
    {
        if (call.Action != GateActions.CallTool || call.Context.Restores.IsDefaultOrEmpty)
        {
            return false;
        }

        _restore ??= Request(GateActions.RestoreValues, call.Resource, call.ParentId is not null);
        return PolicyRuling.Of(authorizer, _restore).Code is null;
    }

    /// <summary>The declared tools that the principal could not call if a model asked for them now.</summary>
    public ImmutableArray<string> Uncallable(Authorizer authorizer)
    {
        if (call.Action == GateActions.CallTool || call.Content.DeclaredTools is not { IsDefaultOrEmpty: false } names)
        {
            return [];
        }

        _declared ??= [.. names.Distinct(StringComparer.Ordinal)
            .Where(Wildcard.IsComparable)
            .Select(name => (name, Request(GateActions.CallTool, EntityRef.Tool(name), byModel: true)))];
        return
        [
            .. names.Distinct(StringComparer.Ordinal).Where(name => !Wildcard.IsComparable(name)),
            .. _declared.Where(tool => PolicyRuling.Of(authorizer, tool.Request).Code is not null).Select(tool => tool.Name),
        ];
    }

    private PolicyRequest Request(string action, EntityRef resource, bool byModel)
    {
        var subject = entities.Of(call.Principal, resource);
        var context = byModel ? _byModel ??= PolicyContext.Of(call, byModel: true) : _own ??= PolicyContext.Of(call, byModel: false);
        return new PolicyRequest(
            new AuthorizationRequest(subject.Principal.Uid, PolicyNames.Action(action), subject.Resource.Uid, context), subject.Entities, subject.Folded);
    }

    private static string TypeOf(EntityRef resource) => resource.Type[(resource.Type.LastIndexOf(':') + 1)..];

    /// <summary>One request with the words a denial has for it.</summary>
    /// <param name="Action">The action.</param>
    /// <param name="Resource">What a reason calls the resource; never content.</param>
    /// <param name="IsForced">Whether it is a tool that a request for a model forces the model to call.</param>
    /// <param name="Request">The request.</param>
    internal sealed record Asked(string Action, string Resource, bool IsForced, PolicyRequest Request);
}

/// <summary>What a set says to a call.</summary>
/// <param name="Ruling">Of the request that was refused; else of the call's own request, with the errors of all.</param>
/// <param name="Refused">The request that was refused, or <see langword="null"/>.</param>
internal readonly record struct PolicyAnswer(PolicyRuling Ruling, CallPolicies.Asked? Refused);
