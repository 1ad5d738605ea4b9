using System.Text;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Tests.Admissibility;
using static AgentGate.Kernel.Tests.Certificates.Decided;

namespace AgentGate.Kernel.Tests.Certificates;

/// <summary>
/// The rows V1 to V9 that are the kernel's. V5 (plans) is in Plans/PlanVerifierTests; V6 and V7 (the SDK's switch, the last certificate and its
/// callback) are in AgentGate.Tests.
/// </summary>
public sealed class VerificationTableTests
{
    private const string ForbidProd = """@id("f") forbid(principal, action == AgentGate::Action::"delete", resource) when { resource.id like "/prod/*" };""";

    [Fact]
    public void V1_what_is_permitted_is_admissible_with_a_trace_and_a_signature()
    {
        var report = Of().Verify();

        Assert.True(report.Valid, report.Words());
        Assert.True(report.ReExecuted);
        Assert.Equal((AdmissibilityResult.Admissible, ProofType.ConstructiveTrace), (report.Certificate!.Result, report.Certificate.ProofType));
        Assert.All(report.Certificate.Predicates, static finding => Assert.Equal(PredicateValue.Holds, finding.Value));
        Assert.Equal("facts,votes,witnesses", report.Skipped());
    }

    [Fact]
    public void V2_what_is_forbidden_is_inadmissible_with_the_forbid_as_counterexample()
    {
        var report = Of(PermitAll + ForbidProd, Requests.Of("delete", "/prod/db")).Verify();

        Assert.True(report.Valid, report.Words());
        Assert.Equal((AdmissibilityResult.Inadmissible, ProofType.Counterexample), (report.Certificate!.Result, report.Certificate.ProofType));
        Assert.Equal([Predicate.NotDenyExists], report.Certificate.FailedPredicates);
        Assert.Equal(new MatchedForbid(0, "f", IsError: false), report.Certificate.Matched);
    }

    [Fact]
    public void V3_without_policies_nothing_is_admissible_as_the_name_of_the_test_said()
    {
        var report = Of("").Verify();

        Assert.True(report.Valid, report.Words());
        Assert.Equal((AdmissibilityResult.Inadmissible, ProofType.UnsatCore), (report.Certificate!.Result, report.Certificate.ProofType));
        Assert.Equal([Predicate.PermitExists], report.Certificate.UnsatCore!.Value);
    }

    [Theory]
    [InlineData("\"value\":\"", "signature", 12, "signature")]
    [InlineData("\"theorem_hash\":\"", "theorem hash", 20, "signature,evidence,decision,entry")]
    [InlineData("\"nonce\":\"", "nonce", 9, "format")]
    public void V4_what_was_tampered_with_is_found_where_it_was(string after, string what, int offset, string failed)
    {
        var decided = Of();
        var text = Encoding.UTF8.GetString(decided.Certificate);
        var at = text.LastIndexOf(after, StringComparison.Ordinal) + offset;
        var changed = text[..at] + (text[at] == '0' ? '1' : '0') + text[(at + 1)..];
        var bundle = BundleJson.Write(decided.Content with { Certificate = Encoding.UTF8.GetBytes(changed) });

        var report = BundleVerifier.Verify(default, bundle, Keys);

        Assert.False(report.Valid, what);
        if (failed != "format")
        {
            Assert.Equal(failed, report.Failed());
        }
    }

    [Theory]
    [InlineData("signature")]
    [InlineData("key_id")]
    [InlineData("log")]
    [InlineData("tenant")]
    [InlineData("proof_payload")]
    public void V4_a_missing_part_is_a_broken_format(string member)
    {
        var certificate = System.Text.Json.Nodes.JsonNode.Parse(Of().Certificate)!.AsObject();
        certificate.Remove(member);

        var report = BundleVerifier.Verify(Encoding.UTF8.GetBytes(certificate.ToJsonString()), default, Keys);

        Assert.False(report.Valid);
        Assert.Equal("format", report.Failed());
        Assert.Contains(member, report.Steps[0].Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void V8_a_shadow_certificate_records_what_was_not_enforced()
    {
        var (alpha, knowledge) = (Requests.Of(), Requests.Knowing(""));
        var shadow = Stating(alpha, knowledge) with { Mode = CertificateMode.Shadow, Decision = DecisionKind.Allow, Code = null };

        var report = Decided.Of(shadow, knowledge).Verify();
        Assert.True(report.Valid, report.Words());
        Assert.Equal((AdmissibilityResult.Inadmissible, DecisionKind.Allow), (report.Certificate!.Result, report.Certificate.Decision));

        var enforced = Decided.Of(shadow with { Mode = CertificateMode.Enforced }, knowledge).Verify();
        Assert.Equal("decision", enforced.Failed());
    }

    [Fact]
    public void V9_a_forbid_of_prod_does_not_touch_dev()
        => Assert.Equal(AdmissibilityResult.Admissible, Of(PermitAll + ForbidProd, Requests.Of("delete", "/dev/db")).Verify().Certificate!.Result);
}
