using AgentGate.Kernel.Delegation;

namespace AgentGate.Delegation;

/// <summary>Which grants rest on which, and whether they count. Pure.</summary>
internal static class GrantDescent
{
    /// <summary>How many live grants rest on one, itself counted.</summary>
    public static int LiveUnder(string id, GrantSnapshot facts, DateTimeOffset now)
        => facts.Grants.Count(one => WhyNot(one.Grant, facts, now) is null
            && GrantChain.Follow(one.Grant.Id, facts).Chain.Any(link => link.Id == id));

    /// <summary>Why a grant counts for nobody now, or <see langword="null"/> while it does.</summary>
    public static string? WhyNot(Grant grant, GrantSnapshot facts, DateTimeOffset now)
    {
        var chain = GrantChain.Follow(grant.Id, facts);
        if (chain.Reason is not null)
        {
            return chain.Reason;
        }

        for (var link = 0; link < chain.Chain.Length; link++)
        {
            if (facts.IsRevoked(chain.Chain[link].Id))
            {
                return link == 0 ? ChainReasons.Revoked : ChainReasons.ParentRevoked;
            }
        }

        return now < grant.IssuedAt ? ChainReasons.NotYetValid
            : now >= grant.ExpiresAt ? ChainReasons.Expired
            : chain.Chain.Any(one => now >= one.ExpiresAt) ? ChainReasons.ParentExpired
            : null;
    }
}
