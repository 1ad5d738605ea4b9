using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AgentGate.Audit;
using AgentGate.Client;
using AgentGate.Client.Plans;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Plans;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Plans;
using AgentGate.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Plans;

public sealed class PlanRouteTests
{
    private const string Text = """
        @id("all") permit (principal, action, resource);
        @id("no_prod") forbid (principal, action == AgentGate::Action::"delete", resource in AgentGate::Path::"/prod");
        @id("frozen") forbid (principal, action == AgentGate::Action::"write", resource) when { context.facts.contains("frozen") };
        """;

    [Fact]
    public async Task A_plan_is_judged_in_the_state_its_steps_leave_and_each_step_is_certified_and_on_record()
    {
        await using var server = await StartAsync();
        var plan = new PlanRequest
        {
            RiskTier = "low",
            Steps =
            [
                new() { Action = "callTool", Resource = Json("\"Tool:crm/find\""), Context = Json("""{"arguments":{"id":"c1"}}""") },
                new() { Action = "read", Resource = Json("\"/data/a\""), Effects = new() { AddFacts = ["frozen"] } },
                new() { Action = "write", Resource = Json("""{"type":"Path","id":"/data/b"}""") },
                new() { Action = "read", Resource = Json("\"/data/c\"") },
            ],
        };

        var answer = await new AgentGateClient(server.Http).VerifyPlanAsync(plan);

        Assert.False(answer.Safe);
        Assert.Equal((2, 4, 3, 5), (answer.BlockedStepIndex, answer.TotalSteps, answer.EvaluatedSteps, answer.Bound));
        Assert.Equal("The policy \"frozen\" forbids write.", answer.BlockedReason);
        Assert.Equal(["NotDenyExists"], answer.FailedPredicates);
        Assert.Equal(["ADMISSIBLE", "ADMISSIBLE", "INADMISSIBLE"], answer.Trace.Select(step => step.Result));
        Assert.Equal("Path:/data/b", answer.Trace[2].Resource);
        var certificate = answer.Counterexample!.DecisionCertificate;
        Assert.Equal(("counterfactual", "deny", Codes.Inadmissible), (certificate.GetProperty("mode").GetString(), certificate.GetProperty("decision").GetString(), certificate.GetProperty("code").GetString()));
        var read = CertificateJson.Parse(Encoding.UTF8.GetBytes(certificate.GetRawText()));
        Assert.Equal(CertificateMode.Counterfactual, read.Mode);

        var entries = await EvaluationsAsync(server.App.Services);
        Assert.Equal(answer.Trace.Select(step => step.DecisionId), entries.Select(entry => entry.DecisionId));
        Assert.All(entries, entry => Assert.Equal((answer.DecisionId, 64), (entry.CallId, entry.CertificateHash!.Length)));
        Assert.Equal(EntityRef.Tool("crm/find"), entries[0].Resource);
        Assert.All(entries.Skip(1), entry => Assert.Null(entry.Resource));
    }

    [Fact]
    public async Task The_regressions_of_the_first_version_are_gone()
    {
        await using var server = await StartAsync();
        var client = new AgentGateClient(server.Http);
        PlanStepRequest Step(string action, string path) => new() { Action = action, Resource = Json($"\"{path}\"") };

        Assert.Equal(1, (await client.VerifyPlanAsync(new PlanRequest { Steps = [Step("read", "/a"), Step("delete", "/prod/db")] })).BlockedStepIndex);
        Assert.Equal(0, (await client.VerifyPlanAsync(new PlanRequest { Steps = [Step("delete", "//prod/db")] })).BlockedStepIndex);
        Assert.Equal(0, (await client.VerifyPlanAsync(new PlanRequest { Steps = [Step("delete", "/x/../prod/db")] })).BlockedStepIndex);
        Assert.Equal(0, (await client.VerifyPlanAsync(new PlanRequest { Steps = [Step("delete", "/Prod/db")] })).BlockedStepIndex);
        Assert.True((await client.VerifyPlanAsync(new PlanRequest { Steps = [Step("delete", "/dev/db")] })).Safe);
        Assert.True((await client.VerifyPlanAsync(new PlanRequest { Steps = [] })).Safe);
        Assert.Equal(["missing_action_or_resource"], (await client.VerifyPlanAsync(new PlanRequest { Steps = [new() { Action = "read" }] })).FailedPredicates);
        Assert.Equal(["unreadable"], (await client.VerifyPlanAsync(new PlanRequest { Steps = [Step("frobnicate", "/a")] })).FailedPredicates);
        var long31 = new PlanRequest { RiskTier = "critical", Steps = [.. Enumerable.Range(0, 30).Select(i => Step("read", $"/a/{i}")), Step("delete", "/prod/db")] };
        var refused = await Assert.ThrowsAsync<AgentGateApiException>(() => client.VerifyPlanAsync(long31));
        Assert.Equal((HttpStatusCode.BadRequest, Codes.PlanRefused), (refused.Status, refused.Problem!.Code));
        Assert.Contains("allows 30", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"action":"callTool","resource":"Tool:a","context":{"mfa_verified":true}}""", "context.mfa_verified")]
    [InlineData("""{"action":"callTool","resource":"Tool:a","runtime_context":{"direct_permit":true}}""", "context.direct_permit")]
    [InlineData("""{"action":"callTool","resource":"Tool:a","context":{"human_approved":true}}""", "context.human_approved")]
    [InlineData("""{"action":"callTool","resource":"Tool:a","context":{"role":"admin"}}""", "context.role")]
    [InlineData("""{"action":"callTool","resource":"Tool:a","context":{"source_ip":"10.0.0.1"}}""", "context.source_ip")]
    [InlineData("""{"action":"callTool","resource":"Tool:a","context":{"authenticated":true}}""", "context.authenticated")]
    [InlineData("""{"action":"callTool","resource":"Tool:a","context":{"facts":["a"]}}""", "context.facts")]
    [InlineData("""{"action":"callTool","resource":"Tool:a","principal":"boss"}""", "principal")]
    [InlineData("""{"action":"callTool","resource":"Tool:a","tenant_id":"other"}""", "tenant_id")]
    public async Task What_only_the_servers_records_can_say_is_refused_by_name(string body, string field)
    {
        await using var server = await StartAsync();

        var (status, problem) = await PostAsync(server, "/api/security/admissibility/evaluate", body);

        Assert.Equal((400, Codes.ClaimRefused, field), (status, problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
        Assert.Empty(await EvaluationsAsync(server.App.Services));
    }

    [Fact]
    public async Task A_question_is_answered_with_a_certificate_either_way()
    {
        await using var server = await StartAsync();

        var (ok, allowed) = await PostAsync(server, "/api/security/admissibility/evaluate", """{"action":"callTool","resource":"Tool:crm/find"}""");
        var (no, denied) = await PostAsync(server, "/api/security/admissibility/evaluate", """{"action":"delete","resource":"/prod/db"}""");
        var status = await new AgentGateClient(server.Http).ReadAdmissibilityStatusAsync();

        Assert.Equal((200, true, "ADMISSIBLE"), (ok, allowed.GetProperty("success").GetBoolean(), allowed.GetProperty("certificate").GetProperty("result").GetString()));
        Assert.Equal((403, Codes.Inadmissible, "COUNTEREXAMPLE"), (no, denied.GetProperty("code").GetString(), denied.GetProperty("certificate").GetProperty("proof_type").GetString()));
        Assert.Equal("NotDenyExists", denied.GetProperty("failed_predicates")[0].GetString());
        Assert.Equal(status.GammaHash, allowed.GetProperty("certificate").GetProperty("gamma_hash").GetString());
        Assert.Equal(status.PolicySetHash, allowed.GetProperty("certificate").GetProperty("policy_set_hash").GetString());
        Assert.Equal(2, (await EvaluationsAsync(server.App.Services)).Count);
    }

    [Theory]
    [InlineData("/api/security/admissibility/evaluate", "[]")]
    [InlineData("/api/security/admissibility/evaluate", "{}")]
    [InlineData("/api/security/admissibility/evaluate", """{"action":"read","resource":7}""")]
    [InlineData("/api/security/admissibility/evaluate", """{"action":"read","resource":"/a","action":"write"}""")]
    [InlineData("/api/security/counterfactual/verify", "{}")]
    [InlineData("/api/security/admissibility/evaluate", """{"action":"read","resource":"/a\ud800"}""")]
    [InlineData("/api/security/admissibility/evaluate", """{"action":"read","resource":{"type":"Path","id":"\udc00"}}""")]
    [InlineData("/api/security/admissibility/evaluate", """{"action":"callTool","resource":"Tool:a","context":{"arguments":{"x\ud800":1}}}""")]
    [InlineData("/api/security/counterfactual/verify", """{"steps":[{"action":"read","resource":"/a","context":{"tool":"\ud800"}}]}""")]
    [InlineData("/api/security/counterfactual/verify", """{"steps":[null]}""")]
    [InlineData("/api/security/counterfactual/verify", """{"steps":[],"risk_tier":"huge"}""")]
    [InlineData("/api/security/counterfactual/verify", """{"steps":[],"verification_grant_token":"vgr_x"}""")]
    public async Task What_cannot_be_read_is_a_clear_error(string route, string body)
    {
        await using var server = await StartAsync();

        var (status, problem) = await PostAsync(server, route, body);

        Assert.Equal((400, Codes.EvaluationInvalid), (status, problem.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task The_routes_need_their_scope_and_the_old_ones_say_where_to_go()
    {
        await using var server = await StartAsync();
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(server.Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.CreateKeyAsync("agent_doors", "doors"));

        Assert.Equal(HttpStatusCode.Forbidden, (await http.PostAsync("/api/security/counterfactual/verify", Body("""{"steps":[]}"""))).StatusCode);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Key);
        using var moved = await http.GetAsync("/api/security/formal/evidence?chain_id=global");
        Assert.Equal((HttpStatusCode.PermanentRedirect, "/api/security/evidence/chain/global"), (moved.StatusCode, moved.Headers.Location!.ToString()));
        Assert.True(moved.Headers.Contains("Deprecation") && moved.Headers.Contains("Sunset") && moved.Headers.Warning.Count > 0);
        using var verify = await http.PostAsync("/api/security/formal/verify", Body("{}"));
        Assert.Equal(HttpStatusCode.PermanentRedirect, verify.StatusCode);
    }

    [Fact]
    public async Task The_same_plan_is_verified_in_process()
    {
        var services = new ServiceCollection().AddAgentGate();
        services.PostConfigure<PolicyOptions>(options => options.Inline.Add(Text));
        services.AddFactSource<Frozen>();
        await using var provider = services.BuildServiceProvider();
        PlanStep Path(string action, string id) => new() { Action = action, Resource = new EntityRef("AgentGate::Path", id) };

        var verified = await provider.GetRequiredService<Gate>().VerifyPlanAsync(
            new Principal { Id = "app", Tenant = "default" }, [Path("read", "/a"), Path("write", "/a")], PlanTier.Low);

        Assert.Equal((false, 1, 2), (verified.Result.IsSafe, verified.Result.BlockedStepIndex, verified.Certificates.Length));
    }

    private static Task<GatewayServer> StartAsync()
        => GatewayServer.StartAsync(builder => builder.Services.PostConfigure<PolicyOptions>(options =>
        {
            options.UseShippedDefault = false;
            options.Inline.Add(Text);
        }));

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static StringContent Body(string text) => new(text, Encoding.UTF8, "application/json");

    private static async Task<(int Status, JsonElement Answer)> PostAsync(GatewayServer server, string route, string body)
    {
        using var answer = await server.Http.PostAsync(route, Body(body));
        return ((int)answer.StatusCode, Json(await answer.Content.ReadAsStringAsync()));
    }

    private static async Task<List<LogEntryBody>> EvaluationsAsync(IServiceProvider services)
    {
        var entries = new List<LogEntryBody>();
        await foreach (var stored in services.GetRequiredService<IAuditLog>().ReadChainAsync("default", 1, null, CancellationToken.None))
        {
            var entry = LogEntryParser.Parse(stored.Canonical.Span).Body;
            if (entry.Kind == EntryKind.Evaluation)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    private sealed class Frozen : IFactSource
    {
        public ValueTask<System.Collections.Immutable.ImmutableArray<string>> FactsOfAsync(GateCall call, CancellationToken cancellationToken)
            => ValueTask.FromResult<System.Collections.Immutable.ImmutableArray<string>>(["frozen"]);
    }
}
