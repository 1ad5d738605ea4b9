using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Canonical;

namespace AgentGate.Kernel.Certificates;

/// <summary>The proof of a certificate: six predicates, and what follows from them. Immutable.</summary>
internal sealed class CertificateProof
{
    private const string DeceptionTrigger = "DECEPTION_TRIGGER";

    private static readonly ImmutableArray<PredicateFinding> NotEvaluated =
        [.. Enum.GetValues<Predicate>().Select(static predicate => new PredicateFinding(predicate, PredicateValue.NotEvaluated, default))];

    private readonly MatchedForbid? _matched;
    private readonly string? _honeyToken;

    private CertificateProof(ImmutableArray<PredicateFinding> predicates, MatchedForbid? matched, string? honeyToken)
        => (Predicates, _matched, _honeyToken) = (predicates, matched, honeyToken);

    /// <summary>All six in order.</summary>
    public ImmutableArray<PredicateFinding> Predicates { get; }

    public AdmissibilityResult Result => ResultOf(Predicates, _honeyToken is not null);

    public ProofType Type => TypeOf(Result, Predicates, _honeyToken is not null);

    public static CertificateProof Of(CertificateContent content)
        => content.Proof is null || content.Alpha is null
            ? new CertificateProof(NotEvaluated, null, content.HoneyToken)
            : Of(
                content.Proof,
                content.Alpha,
                new Binding(content.ContentDigest, content.Nonce, CanonicalTime.Truncate(content.CreatedAt), NotAfter(content)),
                TimeSpan.FromSeconds((long)content.Validity.TotalSeconds));

    /// <summary>The proof of an evaluated theorem: the sixth predicate is added to the five.</summary>
    /// <param name="proof">The five.</param>
    /// <param name="alpha">The request they are about.</param>
    /// <param name="binding">What the certificate states of call and moment.</param>
    /// <param name="validity">How long the settings let a window be.</param>
    public static CertificateProof Of(AdmissibilityProof proof, Alpha alpha, Binding binding, TimeSpan validity)
        => new([.. proof.Predicates, ContextBound(alpha, binding, validity)], proof.Matched, null);

    /// <summary>The end of the window: whole seconds after <see cref="CertificateContent.CreatedAt"/>.</summary>
    public static DateTimeOffset NotAfter(CertificateContent content)
        => CanonicalTime.Truncate(content.CreatedAt) + TimeSpan.FromSeconds((long)content.Validity.TotalSeconds);

    public static AdmissibilityResult ResultOf(ImmutableArray<PredicateFinding> predicates, bool honeyToken)
    {
        var (fails, reached) = (honeyToken, true);
        foreach (var finding in predicates)
        {
            fails |= finding.Value == PredicateValue.Fails;
            reached &= finding.Value != PredicateValue.NotEvaluated || finding.Predicate == Predicate.ContextBound;
        }

        return fails ? AdmissibilityResult.Inadmissible : reached ? AdmissibilityResult.Admissible : AdmissibilityResult.NotEvaluated;
    }

    public static ProofType TypeOf(AdmissibilityResult result, ImmutableArray<PredicateFinding> predicates, bool honeyToken) => result switch
    {
        AdmissibilityResult.NotEvaluated => ProofType.None,
        AdmissibilityResult.Admissible => ProofType.ConstructiveTrace,
        _ => honeyToken || predicates[(int)Predicate.NotDenyExists].Value == PredicateValue.Fails ? ProofType.Counterexample : ProofType.UnsatCore,
    };

    /// <summary>Writes <c>proof_payload</c>.</summary>
    public void WritePayload(ref CanonicalWriter json)
    {
        var type = Type;
        json.BeginObject();
        if (type == ProofType.Counterexample)
        {
            json.Name("\"counterexample\":"u8);
            WriteCounterexample(ref json);
        }

        // The theorem is a conjunction: the one smallest set without which it would hold are the predicates that fail.
        WriteFailed(ref json, "\"failed_predicates\":"u8);
        json.Name("\"predicates\":"u8);
        json.BeginArray();
        foreach (var finding in Predicates)
        {
            json.BeginObject();
            json.Name("\"name\":"u8);
            json.Text(AdmissibilityWords.Of(finding.Predicate));
            json.Name("\"value\":"u8);
            json.Text(AdmissibilityWords.Of(finding.Value));
            if (finding.Value != PredicateValue.NotEvaluated)
            {
                json.Name("\"witness\":"u8);
                json.Raw(finding.Witness.Span);
            }

            json.EndObject();
        }

        json.EndArray();
        if (type == ProofType.UnsatCore)
        {
            WriteFailed(ref json, "\"unsat_core\":"u8);
        }

        json.EndObject();
    }

    private void WriteCounterexample(ref CanonicalWriter json)
    {
        if (_honeyToken is null)
        {
            Theorem.Write(ref json, _matched!);
            return;
        }

        json.BeginObject();
        json.Name("\"honey_token\":"u8);
        json.Text(_honeyToken);
        json.Name("\"predicate\":"u8);
        json.Text(DeceptionTrigger);
        json.EndObject();
    }

    private void WriteFailed(ref CanonicalWriter json, ReadOnlySpan<byte> name)
    {
        var any = false;
        foreach (var finding in Predicates)
        {
            if (finding.Value != PredicateValue.Fails)
            {
                continue;
            }

            if (!any)
            {
                json.Name(name);
                json.BeginArray();
                any = true;
            }

            json.Text(AdmissibilityWords.Of(finding.Predicate));
        }

        if (any)
        {
            json.EndArray();
        }
    }

    /// <summary>The sixth predicate: the decision belongs to this call, its content and its moment.</summary>
    private static PredicateFinding ContextBound(Alpha alpha, Binding binding, TimeSpan validity)
    {
        if (alpha.ContentDigest is null)
        {
            return NotEvaluated[(int)Predicate.ContextBound];
        }

        var output = new CanonicalBuffer(256);
        var json = new CanonicalWriter(output);
        json.BeginObject();
        if (binding.ContentDigest is not null)
        {
            json.Name("\"content_digest\":"u8);
            json.Text(binding.ContentDigest);
        }

        json.Name("\"created_at\":"u8);
        CanonicalTime.Write(ref json, binding.CreatedAt);
        json.Name("\"nonce\":"u8);
        json.Text(binding.Nonce);
        json.Name("\"not_after\":"u8);
        CanonicalTime.Write(ref json, binding.NotAfter);
        json.EndObject();
        var holds = string.Equals(binding.ContentDigest, alpha.ContentDigest, StringComparison.Ordinal)
            && string.Equals(binding.Nonce, alpha.Nonce, StringComparison.Ordinal)
            && binding.CreatedAt >= CanonicalTime.Truncate(alpha.At)
            && binding.NotAfter - binding.CreatedAt == validity;
        return new PredicateFinding(Predicate.ContextBound, holds ? PredicateValue.Holds : PredicateValue.Fails, output.Written.ToArray());
    }

    /// <summary>What a certificate states of the call and the moment it belongs to.</summary>
    public readonly record struct Binding(string? ContentDigest, string Nonce, DateTimeOffset CreatedAt, DateTimeOffset NotAfter);
}
