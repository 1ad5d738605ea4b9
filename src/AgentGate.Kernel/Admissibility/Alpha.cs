using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Kernel.Admissibility;

/// <summary>α: one request with its attested context, as docs/formats/certificate.md writes it. Immutable.</summary>
public sealed record Alpha
{
    /// <summary>The call's id.</summary>
    public required string CallId { get; init; }

    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The door the call came through.</summary>
    public required string Door { get; init; }

    /// <summary>The pseudonymous id of who asks.</summary>
    public required string Principal { get; init; }

    /// <summary>The action, one of <see cref="GateActions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>What it acts on.</summary>
    public required EntityRef Resource { get; init; }

    /// <summary>When the call arrived (UTC, whole milliseconds).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How the server knows the principal.</summary>
    public required Authentication Authentication { get; init; }

    /// <summary>The grant the caller acts under, if any.</summary>
    public string? DelegationRef { get; init; }

    /// <summary>What the server's own records say is fulfilled. Sorted by obligation.</summary>
    public ImmutableArray<Attestation> Attestations { get; init; } = [];

    /// <summary>Lower-case hex SHA-256 over the content's salt and the content as judged; <see langword="null"/> until the content is final.</summary>
    public string? ContentDigest { get; init; }

    /// <summary>16 random bytes, lower-case hex.</summary>
    public required string Nonce { get; init; }

    /// <summary>32 random bytes, lower-case hex: without it nobody can guess α from its hash.</summary>
    public required string Salt { get; init; }

    /// <summary>What the policies are asked, in order.</summary>
    public required ImmutableArray<PolicyQuestion> Questions { get; init; }
}
