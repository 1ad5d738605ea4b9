using System.Text;
using System.Text.Json.Nodes;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Delegation;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Tests.Admissibility;
using AgentGate.Kernel.Transparency;
using static AgentGate.Kernel.Tests.Certificates.Decided;

namespace AgentGate.Kernel.Tests.Certificates;

public sealed class BundleVerifierTests
{
    [Fact]
    public void Every_step_is_named_in_the_order_of_the_format()
        => Assert.Equal(VerificationSteps.All, Of().Verify().Steps.Select(static step => step.Name));

    [Fact]
    public void Layout_and_order_of_members_do_not_count()
    {
        var decided = Of();
        var spaced = Encoding.UTF8.GetBytes(JsonNode.Parse(decided.Bundle)!.ToJsonString(new() { WriteIndented = true }));

        Assert.True(BundleVerifier.Verify(decided.Certificate, spaced, Keys).Valid);
        Assert.True(BundleVerifier.Verify(default, spaced, Keys).Valid);
    }

    [Fact]
    public void Without_a_bundle_the_report_says_what_was_not_checked()
    {
        var report = BundleVerifier.Verify(Of().Certificate, default, Keys);

        Assert.True(report.Valid, report.Words());
        Assert.False(report.HasBundle);
        Assert.False(report.ReExecuted);
        Assert.Equal("evidence,facts,theorem,votes,entry,inclusion,checkpoint,witnesses", report.Skipped());
    }

    [Fact]
    public void Witnesses_that_are_demanded_are_not_waived_by_leaving_the_bundle_out()
    {
        var options = new VerificationOptions { Witnesses = new WitnessPolicy(1, [NoteKey.ForWitness("w.example", Signer.PublicKey)]) };

        Assert.Equal("witnesses", BundleVerifier.Verify(Of().Certificate, default, Keys, options).Failed());
    }

    [Fact]
    public void A_log_is_that_of_the_certificates_tenant_and_of_the_server_that_signed()
    {
        foreach (var name in new[] { "log.example/acme", "log.exampl", "log", "other.example" })
        {
            var keys = VerifierKeys.Create([new(Signer.PublicKey, [KeyRole.Certificates]), new(LogSigner.PublicKey, [KeyRole.Checkpoints], name)]);
            Assert.Equal("checkpoint", Of().Verify(keys).Failed());
        }

        // The same server, the same key, another tenant's log: everything else fits.
        var knowledge = Requests.Knowing(PermitAll, null, null);
        var stated = Stating(Requests.Of(), knowledge) with { Tenant = "other" };
        Assert.Contains("checkpoint", Of(stated, knowledge).Verify().Failed(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_keys_nothing_verifies()
    {
        var report = Of().Verify(VerifierKeys.None);

        Assert.Equal("keys,signature,checkpoint", report.Failed());
        Assert.Contains("--keys", report.Steps[1].Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_signs_what_its_roles_say_and_nothing_else()
    {
        var swapped = VerifierKeys.Create([new(Signer.PublicKey, [KeyRole.Checkpoints], Name), new(LogSigner.PublicKey, [KeyRole.Certificates])]);

        Assert.Equal("keys,signature,checkpoint", Of().Verify(swapped).Failed());
    }

    [Fact]
    public void Keys_survive_their_own_format_and_bad_ones_are_no_keys()
    {
        using var p256 = Key(9, SignatureAlgorithm.EcdsaP256);
        var written = VerifierKeys.Write(Keys.Keys.Append(new VerifierKey(p256.PublicKey, [KeyRole.Nodes])));

        Assert.True(Of().Verify(VerifierKeys.Read(written)).Valid);
        Assert.NotNull(VerifierKeys.Read(written).Find(p256.Id, KeyRole.Nodes));
        var text = Encoding.UTF8.GetString(written);
        foreach (var bad in new[] { text.Replace("\"sig\"", "\"enc\"", StringComparison.Ordinal), text.Replace("\"kid\"", "\"kidd\"", StringComparison.Ordinal), "{}", "", "[1]" })
        {
            var read = VerifierKeys.Read(Encoding.UTF8.GetBytes(bad));
            Assert.Empty(read.Keys);
            Assert.NotNull(read.Problem);
        }
    }

    [Fact]
    public void A_certificate_may_be_signed_with_P_256()
    {
        using var signer = Key(3, SignatureAlgorithm.EcdsaP256);
        var (alpha, knowledge) = (Requests.Of(), Requests.Knowing(PermitAll));
        var decided = Decided.Of(Stating(alpha, knowledge), knowledge, signer);
        var keys = VerifierKeys.Create(Keys.Keys.Append(new VerifierKey(signer.PublicKey, [KeyRole.Certificates])));

        Assert.True(decided.Verify(keys).Valid);
        Assert.Contains("\"alg\":\"ES256\"", Encoding.UTF8.GetString(decided.Certificate), StringComparison.Ordinal);
        Assert.Equal("keys,signature", decided.Verify().Failed());
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    [InlineData(300_000, true)]
    [InlineData(300_001, false)]
    public void The_window_is_required_where_a_moment_is_asked_for(long milliseconds, bool valid)
    {
        var report = Of().Verify(options: new VerificationOptions { At = Moment.AddMilliseconds(milliseconds) });

        Assert.Equal(valid, report.Valid);
        Assert.Equal(valid ? "" : "window", report.Failed());
    }

    [Fact]
    public void A_call_that_ended_before_the_theorem_was_asked_has_a_certificate_that_says_so()
    {
        var report = Decided.Of(Ended()).Verify();

        Assert.True(report.Valid, report.Words());
        Assert.Equal((AdmissibilityResult.NotEvaluated, ProofType.None), (report.Certificate!.Result, report.Certificate.ProofType));
        Assert.Equal("evidence,facts,theorem,votes,witnesses", report.Skipped());
    }

    [Fact]
    public void A_honey_token_is_a_counterexample_of_its_own()
    {
        var report = Decided.Of(Ended("AG2701", "ht_1")).Verify();

        Assert.True(report.Valid, report.Words());
        Assert.Equal((AdmissibilityResult.Inadmissible, ProofType.Counterexample, "ht_1"), (report.Certificate!.Result, report.Certificate.ProofType, report.Certificate.HoneyToken));
    }

    [Fact]
    public void Erased_evidence_leaves_signature_and_place_and_says_erased()
    {
        var (alpha, knowledge) = (Requests.Of(), Requests.Knowing(PermitAll));
        var erased = Decided.Of(Stating(alpha, knowledge), knowledge, change: static content => content with { Alpha = default, Erased = true });
        var report = erased.Verify();

        Assert.True(report.Valid, report.Words());
        Assert.True(report.Erased);
        Assert.False(report.ReExecuted);
        Assert.Equal("evidence,facts,theorem,votes,witnesses", report.Skipped());

        var silent = Decided.Of(Stating(alpha, knowledge), knowledge, change: static content => content with { Alpha = default });
        Assert.Equal("evidence,facts,theorem", silent.Verify().Failed());
        var both = Decided.Of(Stating(alpha, knowledge), knowledge, change: static content => content with { Erased = true });
        Assert.Equal("evidence", both.Verify().Failed());
    }

    [Fact]
    public void A_decision_on_an_answer_names_the_one_on_the_request()
    {
        var answer = Ended("AG1301") with { Stage = CertificateStage.Response, RequestDecisionId = "0197a000-0000-7000-8000-000000000001", ContentDigest = new string('e', 64) };

        Assert.True(Decided.Of(answer).Verify().Valid);
        Assert.Throws<ArgumentException>(() => CertificateBody.Write(answer with { RequestDecisionId = null }));
    }

    [Fact]
    public void A_counterfactual_question_leaves_a_certificate_that_allowed_nothing()
    {
        var (alpha, knowledge) = (Requests.Of(), Requests.Knowing(""));
        var report = Decided.Of(Stating(alpha, knowledge) with { Mode = CertificateMode.Counterfactual }, knowledge).Verify();

        Assert.True(report.Valid, report.Words());
        Assert.Equal(CertificateMode.Counterfactual, report.Certificate!.Mode);
    }

    [Fact]
    public void A_delegated_decision_is_proved_with_its_chain()
    {
        var facts = Delegation(out var alpha);
        var knowledge = Requests.Knowing("""permit(principal == AgentGate::Agent::"boss", action, resource);""", grants: facts);
        var report = Of(alpha, knowledge).Verify();

        Assert.True(report.Valid, report.Words());
        Assert.Equal(StepOutcome.Ok, report.Outcome(VerificationSteps.Facts));

        var withdrawn = facts.With(new GrantRevocation(Grants.Id(1), Requests.At.AddHours(-1), "left"));
        var revoked = Of(alpha, knowledge with { Grants = withdrawn }).Verify();
        Assert.True(revoked.Valid, revoked.Words());
        Assert.Equal([Predicate.LineageValid], revoked.Certificate!.FailedPredicates);

        var missing = Of(Grants.Delegated(Requests.Of(), facts, 7), knowledge).Verify();
        Assert.True(missing.Valid, missing.Words());
        Assert.Contains("\"reason\":\"grant_missing\"", Encoding.UTF8.GetString(missing.Certificate!.Predicates[1].Witness.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Facts_that_are_not_those_of_the_moment_are_found()
    {
        var facts = Delegation(out var alpha);
        var knowledge = Requests.Knowing(PermitAll, grants: facts);
        var withdrawn = facts.With(new GrantRevocation(Grants.Id(1), Requests.At.AddHours(-1), "left"));
        var hidden = Decided.Of(Stating(alpha, knowledge), knowledge, change: content => content.WithDelegation(alpha.DelegationRef!, withdrawn));
        var dropped = Decided.Of(Stating(alpha, knowledge), knowledge, change: static content => content with { Grants = "[]"u8.ToArray(), Revocations = "[]"u8.ToArray() });

        Assert.Equal("facts,theorem", hidden.Verify().Failed());
        Assert.Contains("facts", dropped.Verify().Failed(), StringComparison.Ordinal);
        Assert.Equal("facts", Of(alpha, knowledge).Verify(VerifierKeys.Create(Keys.Keys.Where(static key => !key.Roles.Contains(KeyRole.Grants)))).Failed());
    }

    [Fact]
    public void A_certificate_does_not_fit_another_call()
    {
        var (one, other) = (Of(), Of(alpha: Requests.Of(path: "/api/other") with { CallId = "call_2", Nonce = new string('9', 32) }));

        Assert.Equal("evidence,theorem", Verify(one.Content with { Alpha = other.Content.Alpha }).Failed());
        Assert.Equal("entry,inclusion", Verify(one.Content with { Entry = other.Content.Entry }).Failed());
        Assert.Equal("inclusion", Verify(one.Content with { Checkpoint = other.Content.Checkpoint }).Failed());
        Assert.Equal("format", BundleVerifier.Verify(other.Certificate, one.Bundle, Keys).Failed());
        Assert.Equal("evidence,theorem", Verify(one.Content with { Policies = Requests.Knowing("").Policies.Policies }).Failed());
        Assert.Equal("evidence", Verify(one.Content with { Gamma = GammaJson.Write(GammaOf(Requests.Knowing(""))) }).Failed());
        Assert.Equal("evidence,theorem", Verify(one.Content with { Settings = SettingsJson.Write(new() { Validity = TimeSpan.FromDays(1) }) }).Failed());

        static VerificationReport Verify(BundleContent content) => BundleVerifier.Verify(default, BundleJson.Write(content), Keys);
    }

    [Theory]
    [InlineData("read", "/api/other")]
    [InlineData("write", "/api/data")]
    public void Questions_about_something_else_prove_nothing(string action, string path)
    {
        var knowledge = Requests.Knowing(PermitAll);
        var alpha = Requests.Of() with { Questions = Requests.Of(action, path).Questions };

        Assert.Equal("evidence", Of(alpha, knowledge).Verify().Failed());
        Assert.Equal("evidence", Of(Requests.Of() with { Questions = Requests.Of(principal: "agent_2").Questions }, knowledge).Verify().Failed());
    }

    [Fact]
    public void A_server_that_lies_about_the_outcome_is_found_by_evaluating_anew()
    {
        var (alpha, honest, lying) = (Requests.Of(), Requests.Knowing(""), Requests.Knowing(PermitAll));
        var stated = Stating(alpha, lying) with { PolicySetHash = honest.PolicySetHash, GammaHash = GammaJson.Hash(GammaOf(honest)) };

        var report = Decided.Of(stated, honest).Verify();

        Assert.Equal("theorem", report.Failed());
        Assert.Contains("PermitExists", report.Steps[6].Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quorum_is_counted_from_signed_votes_on_this_very_question()
    {
        using var first = Key(21);
        using var second = Key(22);
        var settings = Requests.Demanding(("read", Obligations.QuorumRequired)) with { Quorum = new VoteQuorum(2, [new("n1", first.Id), new("n2", second.Id)]) };
        var (alpha, knowledge) = (Requests.Of(), Requests.Knowing(PermitAll, settings));
        var stated = Stating(alpha, knowledge, 2);
        var keys = VerifierKeys.Create(Keys.Keys.Append(new(first.PublicKey, [KeyRole.Nodes])).Append(new(second.PublicKey, [KeyRole.Nodes])));
        var (one, two) = (Vote("n1", first), Vote("n2", second));

        Assert.True(With(one, two).Verify(keys).Valid, With(one, two).Verify(keys).Words());
        Assert.Equal("theorem,votes", With(one).Verify(keys).Failed());
        Assert.Equal("theorem,votes", With(one, one).Verify(keys).Failed());
        Assert.Equal("theorem,votes", With(one, two).Verify().Failed());
        Assert.Equal("theorem,votes", With(one, SignedVote.Sign(two.Vote with { DecisionId = "0197a000-0000-7000-8000-0000000000ff" }, second)).Verify(keys).Failed());

        Decided With(params SignedVote[] votes) => Decided.Of(stated, knowledge, change: content => content with { Votes = [.. votes] });
        SignedVote Vote(string node, SigningKey key) => SignedVote.Sign(
            new Vote
            {
                NodeId = node,
                DecisionId = stated.DecisionId,
                AlphaHash = stated.AlphaHash!,
                GammaHash = stated.GammaHash!,
                TheoremHash = Theorem.Hash,
                IsYes = true,
                Reason = VoteReasons.Holds,
                At = Moment,
                Nonce = new string('0', 32),
            },
            key);
    }

    [Fact]
    public void Witnesses_are_demanded_by_policy()
    {
        using var witness = Key(31);
        var key = NoteKey.ForWitness("witness.example", witness.PublicKey);
        var options = new VerificationOptions { Witnesses = new WitnessPolicy(1, [key]) };
        var (alpha, knowledge) = (Requests.Of(), Requests.Knowing(PermitAll));
        var cosigned = Decided.Of(Stating(alpha, knowledge), knowledge, change: content =>
        {
            var note = SignedNote.Parse(content.Checkpoint.Span);
            return content with { Checkpoint = note.With([new NoteSigner(witness, key).Cosign(note.Text.Span, Moment)]).ToBytes() };
        });

        Assert.True(cosigned.Verify(options: options).Valid);
        Assert.Equal("witnesses", Of().Verify(options: options).Failed());
    }

    private static GrantSnapshot Delegation(out Alpha alpha)
    {
        var facts = Grants.Snapshot(
            Grants.Of(1, "boss", "middle", ["*"], ["*"]), Grants.Of(2, "middle", Requests.Agent, ["read"], ["Path:/api/*"], 1), Grants.Of(3, "x", "y", ["*"], ["*"]));
        alpha = Grants.Delegated(Requests.Of(), facts, 2);
        return facts;
    }
}
