using System.Text.Json.Nodes;
using AgentGate.Certificates;
using AgentGate.Diagnostics;
using AgentGate.Integration.Tests.Security;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Door = AgentGate.Integration.Tests.Security.Doors;

namespace AgentGate.Integration.Tests.Certificates;

/// <summary>Every kind of decision over HTTP gives a bundle that a stranger can verify; and without proofs nothing happens.</summary>
public sealed class EveryDecisionTests
{
    [Fact]
    public async Task An_answer_of_every_door_streamed_or_not_is_proved()
    {
        await using var server = await CertificateServer.StartAsync();
        foreach (var route in Door.All)
        {
            var (response, certificate) = await server.AskAsync(route, Door.Body(route));
            Assert.True(response.IsSuccessStatusCode);
            Assert.Equal((DecisionKind.Allow, AdmissibilityResult.Admissible, ProofType.ConstructiveTrace), (certificate.Decision, certificate.Result, certificate.ProofType));
        }

        foreach (var route in Door.Answering)
        {
            var (_, certificate) = await server.AskAsync(route, Door.Body(route, stream: true));
            Assert.Equal(DecisionKind.Allow, certificate.Decision);
        }
    }

    [Fact]
    public async Task A_forbid_an_attack_and_a_limit_each_give_their_own_proof()
    {
        await using var server = await CertificateServer.StartAsync(settings: new Dictionary<string, string?>
        {
            ["AgentGate:Policies:Forbid:0:Action"] = "embed",
            ["AgentGate:Limits:Rules:0:Name"] = "two",
            ["AgentGate:Limits:Rules:0:Calls"] = "2",
        });
        var (refused, counterexample) = await server.AskAsync(Door.Embeddings, Door.Body(Door.Embeddings));
        Assert.Equal(Codes.Forbidden, refused.Code());
        Assert.Equal((DecisionKind.Deny, ProofType.Counterexample), (counterexample.Decision, counterexample.ProofType));
        Assert.Equal("AgentGate:Policies:Forbid:0", counterexample.Matched!.Policy);
        Assert.Contains(counterexample.DecisionId, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // The theorem held and another guard denied: both are in the certificate, apart.
        var (attack, attested) = await server.AskAsync(Door.Chat, Door.Body(Door.Chat, "'; DROP TABLE users; --"));
        Assert.Equal(Codes.ThreatSql, attack.Code());
        Assert.Equal((DecisionKind.Deny, AdmissibilityResult.Admissible), (attested.Decision, attested.Result));
        Assert.Equal(PredicateValue.NotEvaluated, attested.Predicates[^1].Value);
        Assert.Contains(attested.Verdicts, verdict => verdict is { Guard: "Threats", Answer: "deny" });

        for (var i = 0; i < 3; i++)
        {
            var (_, last) = await server.AskAsync(Door.Chat, Door.Body(Door.Chat));
            if (last.Decision == DecisionKind.Deny)
            {
                Assert.Contains(last.Verdicts, verdict => verdict is { Guard: "Limits", Answer: "deny" });
                return;
            }
        }

        Assert.Fail("The limit was never reached.");
    }

    [Fact]
    public async Task What_is_withheld_of_an_answer_is_a_decision_of_its_own_that_names_the_one_before()
    {
        var broken = new BrokenGuards();
        await using var server = await CertificateServer.StartAsync(broken.Install);
        broken.Break("Pii", onResponse: true, Failing.Denies);

        var (response, certificate) = await server.AskAsync(Door.Chat, Door.Body(Door.Chat));

        Assert.False(response.IsSuccessStatusCode);
        Assert.Equal((CertificateStage.Response, DecisionKind.Deny, AdmissibilityResult.Admissible), (certificate.Stage, certificate.Decision, certificate.Result));
        var request = await server.ProvenAsync(certificate.RequestDecisionId!);
        Assert.Equal((CertificateStage.Request, DecisionKind.Allow), (request.Stage, request.Decision));
        Assert.Equal((request.AlphaHash, request.Nonce, request.ContentDigest), (certificate.AlphaHash, certificate.Nonce, certificate.ContentDigest));
    }

    [Fact]
    public async Task A_models_tool_call_has_its_own_proof()
    {
        await using var server = await CertificateServer.StartAsync();
        var body = Door.Body(Door.Chat, """/tool look {"at":"the map"}""");
        body["tools"] = new JsonArray(Door.Tool(Door.Chat, "look"));
        await server.AskAsync(Door.Chat, body);

        var entries = (await server.Server.LogAsync()).Where(entry => entry.DecisionId is not null).ToList();
        Assert.Equal(2, entries.Count);
        foreach (var entry in entries)
        {
            Assert.Equal(entry.CertificateHash, (await server.ProvenAsync(entry.DecisionId!)).Hash);
        }
    }

    [Fact]
    public async Task A_call_with_personal_data_is_proved_without_any_of_it()
    {
        await using var server = await CertificateServer.StartAsync();
        var (_, certificate) = await server.AskAsync(Door.Chat, Door.Body(Door.Chat, "My SSN is 123-45-6789"));

        var bundle = await server.Client.ReadBundleAsync(certificate.DecisionId);
        Assert.DoesNotContain("123-45-6789", bundle, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certifier")]
    [InlineData("evidence key")]
    [InlineData("evidence store")]
    public async Task Without_proofs_nothing_leaves(string what)
    {
        await using var server = await CertificateServer.StartAsync(builder =>
        {
            if (what == "certifier")
            {
                builder.Services.AddSingleton<IDecisionCertifier>(new Broken());
            }
            else if (what == "evidence key")
            {
                builder.Services.AddSingleton<IEvidenceMasterKey>(new Broken());
            }
        });
        if (what == "evidence store")
        {
            using var connection = server.Server.App.Services.GetRequiredService<AgentGate.Storage.SqliteDatabase>().Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DROP TABLE evidence";
            command.ExecuteNonQuery();
        }

        foreach (var route in Door.All)
        {
            var (response, text) = await server.Server.PostAsync(route, Door.Body(route));
            Assert.Equal(503, (int)response.StatusCode);
            Assert.DoesNotContain("broken for the test", text, StringComparison.Ordinal);
        }

        Assert.Empty(server.Server.Received.Received);
    }

    private sealed class Broken : IDecisionCertifier, IEvidenceMasterKey
    {
        public ReadOnlyMemory<byte> Key => throw new IOException("broken for the test");

        public CertifiedDecision Certify(DecisionFacts facts) => throw new IOException("broken for the test");
    }
}
