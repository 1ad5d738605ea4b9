using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Certificates;

/// <summary>Writes the bodies of certificates (docs/formats/certificate.md). Pure and thread-safe.</summary>
public static class CertificateBody
{
    /// <summary>What wrote the certificates of this version.</summary>
    public const string SolverVersion = "agentgate-kernel/1";

    [ThreadStatic]
    private static CanonicalBuffer? t_output;

    /// <summary>Writes a certificate's body: adds ContextBound, result and proof to what is given.</summary>
    /// <param name="content">What was decided, and what it rests on.</param>
    /// <exception cref="ArgumentException">The parts do not fit together, for example a proof without α.</exception>
    public static CertificateDraft Write(CertificateContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        Check(content);
        var output = t_output ??= new CanonicalBuffer(4096);
        output.Truncate(0);
        Write(output, content, CertificateProof.Of(content));
        return new CertificateDraft(content.DecisionId, output.Written.ToArray(), CanonicalHash.Of(output.Written));
    }

    /// <summary>What the theorem comes to, as the certificate will state it.</summary>
    /// <param name="content">What was decided, and what it rests on.</param>
    public static AdmissibilityResult ResultOf(CertificateContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return CertificateProof.Of(content).Result;
    }

    /// <summary>INVARIANT: members stand in canonical order; a property test compares with <see cref="CanonicalJson"/>.</summary>
    private static void Write(CanonicalBuffer output, CertificateContent content, CertificateProof proof)
    {
        var json = new CanonicalWriter(output);
        json.BeginObject();
        Text(ref json, "\"alpha_hash\":"u8, content.AlphaHash);
        Text(ref json, "\"call_id\":"u8, content.CallId);
        Text(ref json, "\"code\":"u8, content.Code);
        Text(ref json, "\"content_digest\":"u8, content.ContentDigest);
        json.Name("\"created_at\":"u8);
        CanonicalTime.Write(ref json, content.CreatedAt);
        Text(ref json, "\"decision\":"u8, LogEntryWords.Of((DecisionKind?)content.Decision));
        Text(ref json, "\"decision_id\":"u8, content.DecisionId);
        Text(ref json, "\"durability\":"u8, content.Durability);
        Text(ref json, "\"gamma_hash\":"u8, content.GammaHash);
        Text(ref json, "\"mode\":"u8, CertificateWords.Of(content.Mode));
        Text(ref json, "\"nonce\":"u8, content.Nonce);
        json.Name("\"not_after\":"u8);
        CanonicalTime.Write(ref json, CertificateProof.NotAfter(content));
        Text(ref json, "\"policy_set_hash\":"u8, content.PolicySetHash);
        json.Name("\"proof_payload\":"u8);
        proof.WritePayload(ref json);
        Text(ref json, "\"proof_type\":"u8, CertificateWords.Of(proof.Type));
        Text(ref json, "\"request_decision_id\":"u8, content.RequestDecisionId);
        Text(ref json, "\"result\":"u8, AdmissibilityWords.Of(proof.Result));
        Text(ref json, "\"solver_version\":"u8, SolverVersion);
        Text(ref json, "\"stage\":"u8, CertificateWords.Of(content.Stage));
        Text(ref json, "\"tenant\":"u8, content.Tenant);
        Text(ref json, "\"theorem_hash\":"u8, Theorem.Hash);
        json.Name("\"verdicts\":"u8);
        LogEntryFormat.WriteVerdicts(ref json, content.Verdicts.IsDefault ? [] : content.Verdicts);
        json.Name("\"version\":"u8);
        json.Number(1);
        json.EndObject();
    }

    private static void Check(CertificateContent content)
    {
        var evaluated = content.Proof is not null;
        if ((content.Alpha is not null) != evaluated || (content.AlphaHash is not null) != evaluated
            || (content.GammaHash is not null) != evaluated || (content.PolicySetHash is not null) != evaluated)
        {
            throw new ArgumentException("A proof comes with α and the hashes of α, Γ and the policy set; without a proof there are none.", nameof(content));
        }

        if (evaluated && content.HoneyToken is not null)
        {
            throw new ArgumentException("A call that touches a honey token ends before the theorem is asked: there is no proof.", nameof(content));
        }

        if (content.Alpha is { } alpha && (alpha.ContentDigest is null) != (content.ContentDigest is null))
        {
            throw new ArgumentException("Where α has a digest of the content the certificate has one, and nowhere else.", nameof(content));
        }

        if ((content.Code is null) != (content.Decision == DecisionKind.Allow))
        {
            throw new ArgumentException("A denial and a hold have a code, an allow has none.", nameof(content));
        }

        if (content.Stage == CertificateStage.Response && content.RequestDecisionId is null)
        {
            throw new ArgumentException("A certificate of an answer names the decision on the request.", nameof(content));
        }
    }

    private static void Text(ref CanonicalWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.Name(name);
            json.Text(value);
        }
    }
}
