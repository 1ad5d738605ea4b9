using System.Collections.Concurrent;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Delegation;
using AgentGate.Pipeline;

namespace AgentGate.Policies;

/// <summary>
/// What is in force per tenant, with the digests that name it: worked out when policies, grants, revocations or safety nodes change, and kept
/// until they change again. Thread-safe.
/// </summary>
internal sealed class KnowledgeEpochs(AdmissibilitySettings settings, IGrantKnowledge? grants = null, ISafetyQuorum? quorum = null)
{
    private readonly ConcurrentDictionary<string, KnowledgeEpoch> _epochs = new(StringComparer.Ordinal);

    /// <summary>What a call is judged with that is judged by these policies now.</summary>
    public KnowledgeEpoch Of(string tenant, ActivePolicies policies)
    {
        var facts = grants?.Current(tenant) ?? GrantSnapshot.Empty;
        var nodes = quorum?.Of(tenant);
        if (_epochs.TryGetValue(tenant, out var known) && ReferenceEquals(known.Knowledge.Policies, policies.Authorizer)
            && ReferenceEquals(known.Knowledge.Grants, facts) && ReferenceEquals(known.Knowledge.Settings.Quorum, nodes))
        {
            return known;
        }

        // Two calls may work it out at once and both are right; the later one stays.
        var made = Make(tenant, policies, facts, nodes);
        _epochs[tenant] = made;
        return made;
    }

    private KnowledgeEpoch Make(string tenant, ActivePolicies policies, IGrantFacts facts, VoteQuorum? nodes)
    {
        var inForce = settings with { Quorum = nodes };
        ReadOnlyMemory<byte> written = SettingsJson.Write(inForce);
        ReadOnlyMemory<byte> gamma = GammaJson.Write(new Gamma(
            tenant, policies.Hash, AlphaJson.Hash(written.Span), facts.GrantsRoot, facts.GrantsSize, facts.RevocationsRoot, facts.RevocationsSize));
        return new KnowledgeEpoch
        {
            Tenant = tenant,
            Knowledge = new Knowledge { Policies = policies.Authorizer, PolicySetHash = policies.Hash, Settings = inForce, Grants = facts },
            Gamma = gamma,
            GammaHash = AlphaJson.Hash(gamma.Span),
            Settings = written,
        };
    }
}
