using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Evaluation;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Authorization;

/// <summary>Answers requests from a policy set that is compiled and indexed once. Immutable, thread-safe.</summary>
/// <remarks>
/// Default deny; forbid overrides permit; a policy that errs does not count and is reported. The cost follows the number of policies whose scope
/// admits the request, not the size of the set; when few do, and none errs, nothing is allocated.
/// </remarks>
public sealed class Authorizer
{
    private readonly CompiledSet _compiled;
    private readonly DeterminingCache _determining = new();

    private Authorizer(PolicySet policies, CompiledSet compiled) => (Policies, _compiled) = (policies, compiled);

    /// <summary>The policies.</summary>
    public PolicySet Policies { get; }

    /// <summary>Compiles and indexes a set. Templates decide nothing by themselves and are left out.</summary>
    public static Authorizer Create(PolicySet policies)
    {
        ArgumentNullException.ThrowIfNull(policies);
        return new Authorizer(policies, CompiledSet.Create(policies.Policies));
    }

    /// <summary>An authorizer for a changed set; policies that both sets share are not compiled again, and a small change does not build the index anew.</summary>
    public Authorizer With(PolicySet policies)
    {
        ArgumentNullException.ThrowIfNull(policies);
        return ReferenceEquals(policies, Policies) ? this : new Authorizer(policies, _compiled.Change(policies));
    }

    /// <summary>An authorizer with one policy or template more. The cost does not follow the size of the set.</summary>
    /// <exception cref="ArgumentException">The id is taken.</exception>
    public Authorizer Add(Policy policy)
    {
        var policies = Policies.Add(policy);
        return new Authorizer(policies, policy.IsTemplate ? _compiled : _compiled.Add(policy, policies));
    }

    /// <summary>An authorizer without a policy, link or template; itself when there is no such id. Nothing is compiled again.</summary>
    /// <exception cref="ArgumentException">It is a template that still has links.</exception>
    public Authorizer Remove(string id)
    {
        var policies = Policies.Remove(id);
        return ReferenceEquals(policies, Policies) ? this
            : new Authorizer(policies, Policies.TryGet(id, out var policy) && policy.IsTemplate ? _compiled : _compiled.Remove(id, policies));
    }

    /// <summary>Answers one request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="entities">The entities it is judged with; actions with their groups among them.</param>
    /// <returns>Decision, determining policies and errors; the same for the same input.</returns>
    public AuthorizationResult Authorize(AuthorizationRequest request, EntityStore entities)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(entities);
        var frame = new EvaluationFrame(request, entities);
        var scratch = AuthorizationScratch.Current;
        var candidates = new Matches<CompiledPolicy>(scratch.Candidates);
        _compiled.Collect(frame, scratch, ref candidates);
        PutInOrder(candidates.Items);
        var result = Decide(ref frame, scratch, candidates.Items);
        scratch.Candidates = candidates.Memory;
        return result;
    }

    /// <summary>Answers one request by asking every policy: what the index must agree with.</summary>
    internal AuthorizationResult AuthorizeWithoutIndex(AuthorizationRequest request, EntityStore entities)
    {
        var frame = new EvaluationFrame(request, entities);
        return Decide(ref frame, new AuthorizationScratch(), _compiled.All());
    }

    private AuthorizationResult Decide(ref EvaluationFrame frame, AuthorizationScratch scratch, ReadOnlySpan<CompiledPolicy> candidates)
    {
        var satisfied = new Matches<CompiledPolicy>(scratch.Satisfied);
        List<EvaluationError>? errors = null;
        var forbids = 0;
        CompiledPolicy? previous = null;
        foreach (var policy in candidates)
        {
            // A policy that lists several actions may have been found by more than one of them.
            if (ReferenceEquals(policy, previous) || !policy.InScope(frame))
            {
                continue;
            }

            previous = policy;
            if (!policy.TrySatisfy(ref frame, out var isSatisfied))
            {
                (errors ??= []).Add(EvaluationErrors.Describe(policy.Source, frame));
            }
            else if (isSatisfied)
            {
                satisfied.Add(policy);
                forbids += policy.IsPermit ? 0 : 1;
            }
        }

        scratch.Satisfied = satisfied.Memory;
        var decision = forbids == 0 && satisfied.Count > 0 ? AuthorizationDecision.Allow : AuthorizationDecision.Deny;
        return new AuthorizationResult(decision, _determining.Of(satisfied.Items, forbids), errors is null ? [] : [.. errors]);
    }

    /// <summary>Candidates of one scope are in order already, and mostly there is only one.</summary>
    private static void PutInOrder(Span<CompiledPolicy> policies)
    {
        for (var i = 1; i < policies.Length; i++)
        {
            if (policies[i - 1].Order > policies[i].Order)
            {
                policies.Sort(static (left, right) => left.Order.CompareTo(right.Order));
                return;
            }
        }
    }
}
