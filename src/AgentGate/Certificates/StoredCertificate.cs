using AgentGate.Kernel.Certificates;

namespace AgentGate.Certificates;

/// <summary>A certificate as it is kept, with what it is found by. Immutable.</summary>
internal sealed record StoredCertificate
{
    public required string Tenant { get; init; }

    public required string DecisionId { get; init; }

    public required string CallId { get; init; }

    /// <summary>The number of the entry that names it.</summary>
    public required long Seq { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The published word: <c>ADMISSIBLE</c>, <c>INADMISSIBLE</c>, <c>NOT_EVALUATED</c>.</summary>
    public required string Result { get; init; }

    /// <summary><c>allow</c>, <c>deny</c> or <c>hold</c>.</summary>
    public required string Decision { get; init; }

    public string? AlphaHash { get; init; }

    public string? GammaHash { get; init; }

    /// <summary>The pseudonymous id of who asked.</summary>
    public required string Principal { get; init; }

    /// <summary>The body's canonical bytes.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public required CertificateSeal Seal { get; init; }

    /// <summary>The certificate as it is published.</summary>
    public byte[] ToJson() => CertificateJson.Write(Body.Span, Seal);
}
