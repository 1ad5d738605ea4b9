using System.Collections.Immutable;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Entities;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Policies.Targets;

namespace AgentGate.Policies;

/// <summary>The requests of one call to the policies, made once however many sets are asked.</summary>
/// <remarks>Not thread-safe: a call is one flow.</remarks>
internal sealed class CallPolicies(GateCall call, PolicyEntities entities, ActingFor? actingFor = null)
{
    private readonly ActingFor _acting = actingFor ?? new ActingFor(call.Principal, []);
    private CedarRecord? _own;
    private CedarRecord? _byModel;
    private Asked? _restore;
    private List<(string Name, Asked Request)>? _declared;

    /// <summary>What is asked so far: the call's own action and everything it also requires. All must be permitted.</summary>
    public List<Asked> Required { get; } = [];

    /// <summary>Whether the targets' names alone are more than a proof may hold; they are not in <see cref="Required"/> then.</summary>
    public bool IsTooMuch { get; private set; }

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
            Required.Add(Request(action, resource, isForced || call.ParentId is not null) with
            {
                Resource = $"{TypeOf(resource)} \"{Spelling.OnRecord(resource.Id)}\"",
                IsForced = isForced,
            });
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

        // A deep path is in every folder above it: each is named, for each of a delegation chain.
        var length = targets.Sum(static request => request.Target.Uid.Id.Length + request.Target.Within.Sum(static folder => (long)folder.Id.Length));
        if (length * (1 + _acting.Beside.Length) > VerifierLimits.AlphaLengthMax)
        {
            IsTooMuch = true;
            return;
        }

        var subject = entities.Of(_acting.Permitted, call.Resource);
        ImmutableArray<PolicySubject> beside = [.. _acting.Beside.Select(principal => entities.Of(principal, call.Resource))];
        foreach (var (action, target, argument) in targets)
        {
            var context = PolicyContext.Of(call, subject.Resource.Uid, argument);

            // The target itself is content, which no reason repeats.
            Required.Add(new Asked(
                action, $"what the argument \"{argument}\" of Tool \"{Spelling.OnRecord(call.Resource.Id)}\" names", false,
                Request(subject), [.. beside.Select(Request)]));

            PolicyRequest Request(PolicySubject who)
            {
                var (principal, resource, exact, folded) = PolicyEntities.Of(who, target);
                return new PolicyRequest(new AuthorizationRequest(principal.Uid, PolicyNames.Action(action), resource.Uid, context), exact, folded);
            }
        }
    }

    /// <summary>Asks a set for everything that is required; the first answer that is no ends it.</summary>
    public PolicyAnswer Ask(Authorizer authorizer)
    {
        var first = default(PolicyRuling);
        for (var i = 0; i < Required.Count; i++)
        {
            var ruling = PolicyRuling.Of(authorizer, Required[i]);
            if (ruling.Code is not null)
            {
                return new PolicyAnswer(ruling, Required[i]);
            }

            first = i == 0 ? ruling : first with { Errors = [.. first.Errors, .. ruling.Errors] };
        }

        return new PolicyAnswer(first, null);
    }

    /// <summary>What is required as the theorem asks it, in the same order, with the request that each question belongs to.</summary>
    public ImmutableArray<PolicyQuestion> Questions(out ImmutableArray<Asked> owners)
    {
        var questions = ImmutableArray.CreateBuilder<PolicyQuestion>(Required.Count * 2);
        var asked = ImmutableArray.CreateBuilder<Asked>(Required.Count * 2);
        foreach (var required in Required)
        {
            Add(required, required.Request, QuestionDemand.Permit);
            foreach (var beside in required.Beside)
            {
                Add(required, beside, QuestionDemand.NoForbid);
            }
        }

        owners = asked.DrainToImmutable();
        return questions.DrainToImmutable();

        void Add(Asked owner, PolicyRequest request, QuestionDemand demand)
        {
            var (principal, action, resource, context) = request.Request;
            questions.Add(new PolicyQuestion(demand, principal, action, resource, context, request.Entities));
            asked.Add(owner);

            // In lower case only a forbid still counts.
            if (request.Folded is { } folded)
            {
                questions.Add(new PolicyQuestion(QuestionDemand.NoForbid, principal, action, resource, context, folded));
                asked.Add(owner);
            }
        }
    }

    /// <summary>
    /// Whether a set permits that the tool gets values in place of tokens. Nothing to put back needs no permission and gets none. That is
    /// no question of the theorem, so a permit counts that asks for nothing more: not through a grant, and not with an obligation.
    /// </summary>
    /// <param name="authorizer">The set.</param>
    /// <param name="settings">What is demanded beside it.</param>
    public bool MayRestore(Authorizer authorizer, AdmissibilitySettings settings)
    {
        if (call.Action != GateActions.CallTool || call.Context.Restores.IsDefaultOrEmpty || call.Context.DelegationRef is not null
            || settings.Obligations.Any(static demand => demand.Action == GateActions.RestoreValues))
        {
            return false;
        }

        _restore ??= Request(GateActions.RestoreValues, call.Resource, call.ParentId is not null);
        var ruling = PolicyRuling.Of(authorizer, _restore);
        return ruling.Code is null
            && ruling.Policies.All(id => authorizer.Policies.TryGet(id, out var policy) && policy.Annotation(Obligations.Annotation) is null);
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

    private Asked Request(string action, EntityRef resource, bool byModel)
    {
        var context = byModel ? _byModel ??= PolicyContext.Of(call, byModel: true) : _own ??= PolicyContext.Of(call, byModel: false);
        return new Asked(action, "", false, Of(_acting.Permitted), _acting.Beside.IsEmpty ? [] : [.. _acting.Beside.Select(Of)]);

        PolicyRequest Of(Principal principal)
        {
            var subject = entities.Of(principal, resource);
            return new PolicyRequest(
                new AuthorizationRequest(subject.Principal.Uid, PolicyNames.Action(action), subject.Resource.Uid, context), subject.Entities, subject.Folded);
        }
    }

    private static string TypeOf(EntityRef resource) => resource.Type[(resource.Type.LastIndexOf(':') + 1)..];

    /// <summary>One request with the words a denial has for it.</summary>
    /// <param name="Action">The action.</param>
    /// <param name="Resource">What a reason calls the resource; never content.</param>
    /// <param name="IsForced">Whether it is a tool that a request for a model forces the model to call.</param>
    /// <param name="Request">The request; it must be permitted.</param>
    /// <param name="Beside">The same for everybody of a delegation chain; none may be forbidden.</param>
    internal sealed record Asked(string Action, string Resource, bool IsForced, PolicyRequest Request, ImmutableArray<PolicyRequest> Beside);
}

/// <summary>What a set says to a call.</summary>
/// <param name="Ruling">Of the request that was refused; else of the call's own request, with the errors of all.</param>
/// <param name="Refused">The request that was refused, or <see langword="null"/>.</param>
internal readonly record struct PolicyAnswer(PolicyRuling Ruling, CallPolicies.Asked? Refused);
