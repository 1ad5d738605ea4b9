using System.Net;
using System.Text.Json;
using AgentGate.Client.Policies;
using AgentGate.Diagnostics;
using AgentGate.Integration.Tests.Security;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Policies;
using Microsoft.Data.Sqlite;
using Door = AgentGate.Integration.Tests.Security.Doors;

namespace AgentGate.Integration.Tests.Policies;

/// <summary>What must not come into force, who must not do it, and what happens where stored policies are broken.</summary>
public sealed class PolicyRefusalTests
{
    private const string OnlyDemoActivates =
        "permit (principal == AgentGate::Agent::\"agent_demo\", action == AgentGate::Action::\"activatePolicy\", resource is AgentGate::PolicySet);\n"
        + "permit (principal, action == AgentGate::Action::\"callModel\", resource is AgentGate::Model);\n";

    private const string NobodyActivates = "permit (principal, action == AgentGate::Action::\"callModel\", resource is AgentGate::Model);\n";

    [Fact]
    public async Task Whom_the_policies_in_force_do_not_permit_it_cannot_activate_whatever_their_key_says()
    {
        await using var server = await PolicyServer.StartAsync();
        await server.ActivateAsync(OnlyDemoActivates, 0);
        var other = await server.ClientOfAsync("agent_2");
        await other.CreatePolicyAsync(PolicyServer.Shipped);

        var (status, problem) = await PolicyServer.RefusedAsync(() => other.ActivatePolicyAsync(2, new PolicyActivationRequest { ExpectedActive = 1 }));

        Assert.Equal((403, Codes.NotPermitted), (status, problem.Code));
        Assert.Equal(1, (await other.ListPoliciesAsync()).Active);
        var entry = (await server.Server.LogAsync()).Last(entry => entry.Action == GateActions.ActivatePolicy);
        Assert.Equal((EntryKind.Denied, "agent_2", new EntityRef(EntityRef.PolicySetType, "v2")), (entry.Kind, entry.Principal, entry.Resource));
    }

    [Fact]
    public async Task A_forbid_that_decided_is_named()
    {
        await using var server = await PolicyServer.StartAsync();
        await server.ActivateAsync(
            PolicyServer.Shipped + "@id(\"freeze\") forbid (principal, action == AgentGate::Action::\"activatePolicy\", resource == AgentGate::PolicySet::\"v2\");", 0);
        await server.Client.CreatePolicyAsync(PolicyServer.Shipped);

        var (status, problem) = await PolicyServer.RefusedAsync(() => server.Client.ActivatePolicyAsync(2, new PolicyActivationRequest { ExpectedActive = 1 }));

        Assert.Equal((403, Codes.Forbidden), (status, problem.Code));
        Assert.Equal(["freeze"], problem.Policies);
    }

    [Fact]
    public async Task Nobody_locks_themselves_out_by_accident_and_configuration_is_the_way_back()
    {
        var directory = Directory.CreateTempSubdirectory("agentgate-test-").FullName;
        var (state, kept) = (Path.Combine(directory, "state"), Path.Combine(directory, "kept"));
        await using (var server = await PolicyServer.StartAsync(directory: state))
        {
            await server.Client.CreatePolicyAsync(NobodyActivates);
            var (status, problem) = await PolicyServer.RefusedAsync(() => server.Client.ActivatePolicyAsync(1, new PolicyActivationRequest { ExpectedActive = 0 }));
            Assert.Equal((409, Codes.PolicyLockOut), (status, problem.Code));

            Assert.Equal(1, (await server.Client.ActivatePolicyAsync(1, new PolicyActivationRequest { ExpectedActive = 0, Force = true })).Active);
            Assert.Equal(
                (403, Codes.NotPermitted),
                await CodeAsync(() => server.Client.RollBackPoliciesAsync(new PolicyActivationRequest { ExpectedActive = 1 })));
            Copy(state, kept);
        }

        await using (var server = await PolicyServer.StartAsync(new Dictionary<string, string?> { ["AgentGate:Policies:IgnoreStored"] = "true" }, kept))
        {
            Assert.Equal("configuration", (await server.Client.ReadActivePoliciesAsync()).Id);
            Assert.Equal(2, await server.ActivateAsync(PolicyServer.Shipped, 1));
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task What_is_in_force_survives_a_restart()
    {
        var directory = Directory.CreateTempSubdirectory("agentgate-test-").FullName;
        var (state, kept) = (Path.Combine(directory, "state"), Path.Combine(directory, "kept"));
        await using (var server = await PolicyServer.StartAsync(directory: state))
        {
            await server.ActivateAsync(PolicyServer.Shipped + PolicyServer.NoEcho, 0);
            Copy(state, kept);
        }

        await using (var server = await PolicyServer.StartAsync(directory: kept))
        {
            Assert.Equal((403, Codes.Forbidden), await server.AskAsync());
            Assert.Equal("v1", (await server.Client.ReadActivePoliciesAsync()).Id);
            Assert.Equal(HttpStatusCode.OK, (await server.Server.Http.GetAsync("/health/ready")).StatusCode);
        }

        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("UPDATE policy_versions SET text = 'permit ('")]
    [InlineData("UPDATE policy_versions SET text = 'permit (principal, action, resource);'")]
    public async Task Stored_policies_that_cannot_judge_deny_everything_and_the_server_says_so(string sql)
    {
        var directory = Directory.CreateTempSubdirectory("agentgate-test-").FullName;
        var (state, kept) = (Path.Combine(directory, "state"), Path.Combine(directory, "kept"));
        await using (var server = await PolicyServer.StartAsync(directory: state))
        {
            await server.ActivateAsync(PolicyServer.Shipped, 0);
            Copy(state, kept);
        }

        await using (var connection = new SqliteConnection($"Data Source={Directory.GetFiles(kept, "*.db").Single()};Pooling=False"))
        {
            connection.Open();
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        await using (var server = await PolicyServer.StartAsync(directory: kept))
        {
            Assert.Equal((403, Codes.NotPermitted), await server.AskAsync());
            using var health = await server.Server.Http.GetAsync("/health/ready");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
            Assert.Contains(Codes.StoredPoliciesBroken, await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal("unusable", (await server.Client.ReadActivePoliciesAsync()).Id);
        }

        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("POST", "/api/policies", "{}", "text")]
    [InlineData("POST", "/api/policies", "{\"text\":7}", "text")]
    [InlineData("POST", "/api/policies", "{\"text\":\"x\",\"colour\":1}", "colour")]
    [InlineData("POST", "/api/policies", "{\"text\":\"x\",\"text\":\"y\"}", "body")]
    [InlineData("POST", "/api/policies", "not json", "body")]
    [InlineData("POST", "/api/policies", "{\"text\":\"\\ud800\"}", "text")]
    [InlineData("PUT", "/api/policies/1", "{\"text\":\"x\"}", "revision")]
    [InlineData("POST", "/api/policies/1/activate", "{}", "expected_active")]
    [InlineData("POST", "/api/policies/1/activate", "{\"expected_active\":0,\"forse\":true}", "forse")]
    [InlineData("POST", "/api/policies/roll-back", "{\"expected_active\":\"0\"}", "expected_active")]
    [InlineData("GET", "/api/policies?limit=9999", null, "limit")]
    [InlineData("GET", "/api/policies/history?before=x", null, "before")]
    public async Task A_request_that_cannot_be_read_is_refused_by_its_member(string method, string path, string? body, string field)
    {
        await using var server = await PolicyServer.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : Door.Json(body) };

        using var response = await server.Server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(Codes.PolicyRequestInvalid, problem.RootElement.GetProperty("code").GetString());
        Assert.Contains(field, problem.RootElement.GetProperty("field").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_note_of_several_lines_and_a_body_over_the_bound_are_refused()
    {
        await using var server = await PolicyServer.StartAsync();

        Assert.Equal((400, Codes.PolicyRequestInvalid), await CodeAsync(() => server.Client.CreatePolicyAsync("// x", "a\nb")));
        Assert.Equal((413, Codes.TooLarge), await CodeAsync(() => server.Client.CreatePolicyAsync("//" + new string('x', 2 * 1024 * 1024))));
    }

    [Fact]
    public async Task A_file_of_1_0_is_translated_and_nothing_is_stored()
    {
        await using var server = await PolicyServer.StartAsync();

        var translation = await server.Client.ImportPolicyAsync(
            """{"pre_rules":[{"type":"permit"},{"type":"deny","action":"delete","resource":"/prod/*"},{"type":"nonsense"}]}"""u8.ToArray());

        Assert.Equal("pre_rules", translation.Shape);
        Assert.Equal([1, 1, 0], translation.Rules.Select(rule => rule.Policies.Count));
        Assert.True((await server.Client.ValidatePolicyAsync(translation.Text)).Valid);
        Assert.Empty((await server.Client.ListPoliciesAsync()).Versions);
        Assert.Equal("v1", (await server.Client.CreatePolicyAsync(translation.Text)).Id);

        var (status, problem) = await PolicyServer.RefusedAsync(() => server.Client.ImportPolicyAsync("""{"pre_rules":[{"type":"ip_deny","cidr":"10.0.0.01"}]}"""u8.ToArray()));
        Assert.Equal((400, Codes.PolicyImportRefused), (status, problem.Code));
        Assert.Equal("pre_rules[0]", Assert.Single(problem.Findings!).Policy);
    }

    [Fact]
    public async Task The_published_schema_is_served_as_it_is()
    {
        await using var server = await PolicyServer.StartAsync();

        Assert.Equal(PublishedSchema.Text, await server.Server.Http.GetStringAsync("/api/policies/schema"));
    }

    private static async Task<(int Status, string? Code)> CodeAsync(Func<Task> act)
    {
        var (status, problem) = await PolicyServer.RefusedAsync(act);
        return (status, problem.Code);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from, "*", new EnumerationOptions { AttributesToSkip = 0 }).Where(file => Path.GetFileName(file) != "server.lock"))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
