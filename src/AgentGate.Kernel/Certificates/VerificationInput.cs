using AgentGate.Kernel.Delegation;

namespace AgentGate.Kernel.Certificates;

/// <summary>What the steps of one verification share. Not thread-safe.</summary>
internal sealed class VerificationInput(DecisionCertificate certificate, ProofBundle? bundle, VerifierKeys keys, VerificationOptions options)
{
    private BundleGrantFacts? _grants;

    public DecisionCertificate Certificate => certificate;

    /// <summary>The bundle; asked for only in steps that run with one.</summary>
    public ProofBundle Bundle => bundle!;

    public bool HasBundle => bundle is not null;

    public VerifierKeys Keys => keys;

    public VerificationOptions Options => options;

    /// <summary>The grants and revocations as the bundle says.</summary>
    public BundleGrantFacts Grants => _grants ??= new BundleGrantFacts(Bundle);

    /// <summary>Why a step that needs the evidence does not run, or <see langword="null"/> where it does.</summary>
    public StepResult? WithoutEvidence()
        => certificate.AlphaHash is null ? StepResult.Skipped("nothing was evaluated: the call ended before the theorem was asked")
            : Bundle.Erased ? StepResult.Skipped("the evidence was erased: what the hashes stand for exists no more")
            : Bundle is { Alpha: not null, Gamma: not null, Settings: not null, Policies: not null } ? null
            : StepResult.Failed("the bundle lacks α, Γ, the settings or the policies, and does not say that they were erased");

    /// <summary>How many votes of the bundle say yes, and the first that does not count.</summary>
    public (int Yes, string? Wrong) CountVotes()
    {
        if (Bundle.Settings?.Quorum is not { } quorum || certificate is not { AlphaHash: { } alpha, GammaHash: { } gamma })
        {
            return (0, Bundle.Votes.IsEmpty ? null : Bundle.Votes[0].Vote.NodeId);
        }

        var question = new VoteQuestion(certificate.DecisionId, alpha, gamma);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var (yes, wrong) = (0, (string?)null);
        foreach (var vote in Bundle.Votes)
        {
            if (seen.Contains(vote.Vote.NodeId) || !VoteCount.Counts(vote, question, quorum, id => keys.Find(id, KeyRole.Nodes)))
            {
                wrong ??= vote.Vote.NodeId;
                continue;
            }

            seen.Add(vote.Vote.NodeId);
            yes += vote.Vote.IsYes ? 1 : 0;
        }

        return (yes, wrong);
    }

    /// <summary>The grants and revocations of a bundle: whether they are true is what the step <c>facts</c> judges.</summary>
    internal sealed class BundleGrantFacts(ProofBundle bundle) : IGrantFacts
    {
        private readonly Dictionary<string, Grant> _grants = (bundle.Grants ?? [])
            .Where(static one => one.Grant is not null)
            .GroupBy(static one => one.Id, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.Last().Grant!.Grant, StringComparer.Ordinal);

        private readonly HashSet<string> _revoked =
            [.. (bundle.Revocations ?? []).Where(static one => one.Present is not null).Select(static one => one.GrantId)];

        public string GrantsRoot => bundle.Gamma?.GrantsRoot ?? "";

        public long GrantsSize => bundle.Gamma?.GrantsSize ?? 0;

        public string RevocationsRoot => bundle.Gamma?.RevocationsRoot ?? "";

        public long RevocationsSize => bundle.Gamma?.RevocationsSize ?? 0;

        public bool TryGetGrant(string id, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Grant? grant) => _grants.TryGetValue(id, out grant);

        public bool IsRevoked(string id) => _revoked.Contains(id);
    }
}
