using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Kernel.Admissibility;

namespace AgentGate.Kernel.Delegation;

/// <summary>Checks chains of grants. Pure and thread-safe.</summary>
public static class GrantChain
{
    /// <summary>The longest chain. What lies beyond is not read, so that a circle ends.</summary>
    public const int MaxDepth = 8;

    /// <summary>Follows the chain from α's delegation to its root, without judging it: for making α's questions.</summary>
    /// <param name="delegationRef">The leaf's id.</param>
    /// <param name="facts">The grants.</param>
    /// <returns>What was found, with the reason where the chain is broken or too long.</returns>
    public static ChainCheck Follow(string delegationRef, IGrantFacts facts)
    {
        ArgumentNullException.ThrowIfNull(delegationRef);
        ArgumentNullException.ThrowIfNull(facts);
        var chain = ImmutableArray.CreateBuilder<Grant>();
        for (var next = delegationRef; next is not null; next = chain[^1].ParentId)
        {
            if (chain.Count == MaxDepth)
            {
                return new ChainCheck(chain.ToImmutable(), ChainReasons.Depth, MaxDepth);
            }

            if (!facts.TryGetGrant(next, out var grant))
            {
                return new ChainCheck(chain.ToImmutable(), chain.Count == 0 ? ChainReasons.GrantMissing : ChainReasons.ParentMissing, chain.Count);
            }

            chain.Add(grant);
        }

        return new ChainCheck(chain.ToImmutable(), null, null);
    }

    /// <summary>Checks the chain that α names against every rule of docs/formats/delegation.md.</summary>
    /// <param name="alpha">The request; it names a delegation.</param>
    /// <param name="facts">The grants.</param>
    /// <exception cref="ArgumentException">α names no delegation.</exception>
    public static ChainCheck Check(Alpha alpha, IGrantFacts facts)
    {
        ArgumentNullException.ThrowIfNull(alpha);
        var found = Follow(alpha.DelegationRef ?? throw new ArgumentException("The request names no delegation.", nameof(alpha)), facts);
        if (found.Reason is not null)
        {
            return found;
        }

        var asked = alpha.Questions.Where(static question => question.Demand == QuestionDemand.Permit).ToArray();
        var chain = found.Chain;
        return First(chain, link => chain[link].Tenant == alpha.Tenant ? null : ChainReasons.CrossTenant)
            ?? First(chain, link => chain[link].Delegate == (link == 0 ? alpha.Principal : chain[link - 1].Principal) ? null : ChainReasons.DelegateMismatch)
            ?? First(chain, link => !facts.IsRevoked(chain[link].Id) ? null : link == 0 ? ChainReasons.Revoked : ChainReasons.ParentRevoked)
            ?? First(chain, link => OutOfTime(chain[link], alpha.At, link))
            ?? First(chain, link => link + 1 == chain.Length ? null : GrantNarrowing.WiderBy(chain[link], chain[link + 1]))
            ?? First(chain, link => NotGranted(chain[link], asked))
            ?? First(chain, link => asked.All(question => Holds(chain[link].Constraints, question.Context)) ? null : ChainReasons.ConstraintFailed)
            ?? found;
    }

    /// <summary>The grant nearest the leaf that fails a rule.</summary>
    private static ChainCheck? First(ImmutableArray<Grant> chain, Func<int, string?> fault)
    {
        for (var link = 0; link < chain.Length; link++)
        {
            if (fault(link) is { } reason)
            {
                return new ChainCheck(chain, reason, link);
            }
        }

        return null;
    }

    private static string? OutOfTime(Grant grant, DateTimeOffset at, int link)
        => at < grant.IssuedAt ? ChainReasons.NotYetValid
            : at < grant.ExpiresAt ? null
            : link == 0 ? ChainReasons.Expired : ChainReasons.ParentExpired;

    private static string? NotGranted(Grant grant, PolicyQuestion[] asked)
    {
        foreach (var question in asked)
        {
            if (!GrantNarrowing.HasAction(grant, question.Action.Id))
            {
                return ChainReasons.ActionNotGranted;
            }

            if (!GrantNarrowing.HasResource(grant, question.Resource))
            {
                return ChainReasons.ScopeNotGranted;
            }
        }

        return null;
    }

    /// <summary>What is demanded and not in the context fails: nobody gets a grant's authority by leaving something out.</summary>
    private static bool Holds(GrantConstraints constraints, CedarRecord context)
        => (constraints.Doors is not { } doors
                || (context.TryGetValue("door", out var door) && door is CedarString text && doors.Contains(text.Value, StringComparer.Ordinal)))
            && (constraints.SourceNetworks is not { } networks
                || (context.TryGetValue("sourceIp", out var source) && source is CedarIpAddress address
                    && networks.Any(network => CedarIpAddress.TryParse(network, out var range) && address.IsInRange(range))))
            && (constraints.ByModel is not false
                || (context.TryGetValue("byModel", out var byModel) && byModel is CedarBool { Value: false }));
}
