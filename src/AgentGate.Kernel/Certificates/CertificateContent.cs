using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Kernel.Certificates;

/// <summary>What a certificate is made from. Immutable.</summary>
public sealed record CertificateContent
{
    /// <summary>The decision's id, a UUIDv7 (RFC 9562) in lower case.</summary>
    public required string DecisionId { get; init; }

    /// <summary>The call.</summary>
    public required string CallId { get; init; }

    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The decision before this one: of the request for an answer, of the held call for a resumed one.</summary>
    public string? RequestDecisionId { get; init; }

    /// <summary>Request or response.</summary>
    public CertificateStage Stage { get; init; }

    /// <summary>Whether the verdict was enforced.</summary>
    public CertificateMode Mode { get; init; }

    /// <summary>What the gate did.</summary>
    public required DecisionKind Decision { get; init; }

    /// <summary>The code of a denial or hold; <see langword="null"/> for an allow.</summary>
    public string? Code { get; init; }

    /// <summary>The first five predicates; <see langword="null"/> where the call ended before they were asked.</summary>
    public AdmissibilityProof? Proof { get; init; }

    /// <summary>α, with <see cref="Proof"/>: what the decision is bound to.</summary>
    public Alpha? Alpha { get; init; }

    /// <summary>The hash of α, with <see cref="Proof"/>.</summary>
    public string? AlphaHash { get; init; }

    /// <summary>The hash of Γ, with <see cref="Proof"/>.</summary>
    public string? GammaHash { get; init; }

    /// <summary>The hash of the policy set, with <see cref="Proof"/>.</summary>
    public string? PolicySetHash { get; init; }

    /// <summary>The honey token that was touched, if one was. Such a call ends before the theorem is asked.</summary>
    public string? HoneyToken { get; init; }

    /// <summary>The digest of the content as judged; that of α where there is one. <see langword="null"/> until the content is final.</summary>
    public string? ContentDigest { get; init; }

    /// <summary>16 random bytes, lower-case hex; that of α where there is one.</summary>
    public required string Nonce { get; init; }

    /// <summary>What the guards answered, in order.</summary>
    public ImmutableArray<VerdictRecord> Verdicts { get; init; } = [];

    /// <summary>How durable the entry is: <c>commit</c> or <c>write</c>.</summary>
    public required string Durability { get; init; }

    /// <summary>When the decision was made (UTC; cut to whole milliseconds).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How long its window is: that of the settings in force.</summary>
    public required TimeSpan Validity { get; init; }
}
