using System.Text.Json;

namespace AgentGate.Client.Certificates;

/// <summary>What <c>GET /api/security/certificates/lookup</c> answers.</summary>
/// <param name="Certificates">The certificates, newest first.</param>
public sealed record CertificateList(IReadOnlyList<CertificateEntry> Certificates);

/// <summary>One certificate with what it is found by.</summary>
public sealed record CertificateEntry
{
    /// <summary>The decision's id.</summary>
    public required string DecisionId { get; init; }

    /// <summary>The call's id.</summary>
    public required string CallId { get; init; }

    /// <summary>When it was decided (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>ADMISSIBLE</c>, <c>INADMISSIBLE</c> or <c>NOT_EVALUATED</c>.</summary>
    public required string Result { get; init; }

    /// <summary><c>allow</c>, <c>deny</c> or <c>hold</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>The number of the log entry that names it.</summary>
    public required long LogSeq { get; init; }

    /// <summary>The certificate as it is published (docs/formats/certificate.md).</summary>
    public required JsonElement Certificate { get; init; }
}

/// <summary>What <c>GET /api/security/certificates/stats</c> answers.</summary>
public sealed record CertificateStats
{
    /// <summary>How far back was counted, in hours.</summary>
    public required int Hours { get; init; }

    /// <summary>How many certificates were issued.</summary>
    public required long Total { get; init; }

    /// <summary>How many of each result.</summary>
    public required IReadOnlyDictionary<string, long> ByResult { get; init; }

    /// <summary>How many of each decision.</summary>
    public required IReadOnlyDictionary<string, long> ByDecision { get; init; }
}

/// <summary>What <c>POST /api/security/certificate/verify</c> takes.</summary>
public sealed record CertificateVerificationRequest
{
    /// <summary>The decision's id.</summary>
    public string? DecisionId { get; init; }
}

/// <summary>What <c>POST /api/security/certificate/verify</c> answers: the server's own re-execution. Who does not trust the server verifies the bundle.</summary>
public sealed record CertificateVerificationResult
{
    /// <summary>The decision's id.</summary>
    public required string DecisionId { get; init; }

    /// <summary>Whether nothing failed and nothing required was skipped.</summary>
    public required bool Valid { get; init; }

    /// <summary>Whether the evidence was erased, so that nothing could be re-executed.</summary>
    public required bool Erased { get; init; }

    /// <summary>The steps in order.</summary>
    public required IReadOnlyList<CertificateVerificationStep> Steps { get; init; }
}

/// <summary>One step of a verification.</summary>
/// <param name="Step">The step's name (docs/formats/bundle.md).</param>
/// <param name="Outcome"><c>ok</c>, <c>failed</c> or <c>skipped</c>.</param>
/// <param name="Detail">What was found.</param>
public sealed record CertificateVerificationStep(string Step, string Outcome, string? Detail);

/// <summary>What <c>DELETE /api/security/evidence/subjects/{principal}</c> answers.</summary>
/// <param name="Principal">Whose evidence.</param>
/// <param name="Erased">Always true: its key is destroyed.</param>
public sealed record EvidenceErasure(string Principal, bool Erased);
