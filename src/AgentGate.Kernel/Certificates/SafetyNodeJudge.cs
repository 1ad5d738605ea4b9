using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Signing;

namespace AgentGate.Kernel.Certificates;

/// <summary>What a safety node does: evaluates the theorem on its own and says what it found. Pure and thread-safe.</summary>
public sealed class SafetyNodeJudge
{
    private readonly ImmutableHashSet<string> _policies;
    private readonly ImmutableHashSet<string> _settings;
    private readonly ImmutableDictionary<string, VerificationKey> _grantKeys;

    /// <summary>A judge.</summary>
    /// <param name="nodeId">The node's id.</param>
    /// <param name="keyId">The id of its key.</param>
    /// <param name="policySetHashes">The policy sets the node was told to trust; empty: whatever Γ names.</param>
    /// <param name="grantKeys">The keys that sign grants; without them every delegation is refused.</param>
    /// <param name="settingsHashes">The settings (validity, obligations, quorum) the node was told to trust; empty or left out: whatever Γ names.</param>
    public SafetyNodeJudge(
        string nodeId, string keyId, IEnumerable<string> policySetHashes, IEnumerable<VerificationKey> grantKeys, IEnumerable<string>? settingsHashes = null)
    {
        ArgumentNullException.ThrowIfNull(policySetHashes);
        ArgumentNullException.ThrowIfNull(grantKeys);
        (NodeId, KeyId) = (nodeId, keyId);
        _policies = policySetHashes.ToImmutableHashSet(StringComparer.Ordinal);
        _settings = (settingsHashes ?? []).ToImmutableHashSet(StringComparer.Ordinal);
        _grantKeys = grantKeys.ToImmutableDictionary(static key => key.Id, StringComparer.Ordinal);
    }

    /// <summary>The node's id.</summary>
    public string NodeId { get; }

    /// <summary>The id of its key.</summary>
    public string KeyId { get; }

    /// <summary>Judges a request and makes the vote, unsigned.</summary>
    /// <param name="request">The request.</param>
    /// <param name="at">Now.</param>
    /// <param name="nonce">16 random bytes, lower-case hex.</param>
    public Vote Judge(VoteRequest request, DateTimeOffset at, string nonce)
    {
        ArgumentNullException.ThrowIfNull(request);
        var reason = Refusal(request);
        return new Vote
        {
            NodeId = NodeId,
            DecisionId = request.Question.DecisionId,
            AlphaHash = request.Question.AlphaHash,
            GammaHash = request.Question.GammaHash,
            TheoremHash = VoteQuestion.TheoremHash,
            IsYes = reason is null,
            Reason = reason ?? VoteReasons.Holds,
            At = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds()),
            Nonce = nonce,
        };
    }

    private string? Refusal(VoteRequest request)
    {
        if (request.Fault(id => _grantKeys.GetValueOrDefault(id)) is not null)
        {
            return VoteReasons.EvidenceMismatch;
        }

        if ((!_policies.IsEmpty && !_policies.Contains(request.PolicySetHash)) || (!_settings.IsEmpty && !_settings.Contains(request.SettingsHash)))
        {
            return VoteReasons.PoliciesNotTrusted;
        }

        if (request.Settings.Quorum?.Nodes.Any(node => node.NodeId == NodeId && node.KeyId == KeyId) != true)
        {
            return VoteReasons.NotANode;
        }

        return VoteQuestion.FailureBesideVotes(Theorem.Evaluate(request.Alpha, request.Knowledge())) is { } failing ? AdmissibilityWords.Of(failing) : null;
    }
}
