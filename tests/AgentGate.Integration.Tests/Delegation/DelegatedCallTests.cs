using System.Net.Http.Headers;
using AgentGate.Client.Delegation;
using AgentGate.Diagnostics;
using AgentGate.Integration.Tests.Policies;
using AgentGate.Integration.Tests.Security;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using Door = AgentGate.Integration.Tests.Security.Doors;

namespace AgentGate.Integration.Tests.Delegation;

/// <summary>Grants over HTTP, from issuing to a call that is judged by them.</summary>
public sealed class DelegatedCallTests
{
    /// <summary>Forbids one principal everything.</summary>
    private const string Banned = """

        @id("banned")
        forbid (principal == AgentGate::Agent::"agent_banned", action, resource);
        """;

    private static GrantIssueRequest Ask(string from, string to, string scope, string? parent = null) => new()
    {
        Principal = from,
        Delegate = to,
        AllowedActions = ["callModel"],
        ResourceScope = [scope],
        ParentGrantId = parent,
        ExpiresAt = DateTimeOffset.UtcNow.AddHours(parent is null ? 2 : 1),
    };

    private static async Task<(int Status, string Code, string Text)> CallAsync(GatewayServer server, string key, string? grant)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Door.Chat) { Content = Door.Json(Door.Body(Door.Chat).ToJsonString()) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (grant is not null)
        {
            request.Headers.Add("X-AgentGate-Delegation", grant);
        }

        var response = await server.Http.SendAsync(request);
        return ((int)response.StatusCode, response.IsSuccessStatusCode ? "" : response.Code(), await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Two_hops_let_a_delegate_act_inside_the_scope_until_the_root_is_revoked()
    {
        await using var server = await PolicyServer.StartAsync();
        var shipped = PolicyServer.Shipped.Replace(
            "permit (\n  principal,\n  action in [AgentGate::Action::\"callModel\"",
            "permit (\n  principal == AgentGate::Agent::\"agent_boss\",\n  action in [AgentGate::Action::\"callModel\"",
            StringComparison.Ordinal);
        await server.ActivateAsync(shipped + Banned, 0);
        var worker = await server.Server.CreateKeyAsync("agent_worker", Scopes.Doors);
        Assert.Equal(Codes.NotPermitted, (await CallAsync(server.Server, worker, null)).Code);

        var root = await server.Client.IssueGrantAsync(Ask("agent_boss", "agent_lead", "Model:*"));
        var leaf = await server.Client.IssueGrantAsync(Ask("agent_lead", "agent_worker", "Model:demo-echo", root.GrantId));

        Assert.Equal(200, (await CallAsync(server.Server, worker, leaf.GrantId)).Status);
        var elsewhere = await server.Client.IssueGrantAsync(Ask("agent_lead", "agent_worker", "Model:demo-embed", root.GrantId));
        var outside = await CallAsync(server.Server, worker, elsewhere.GrantId);
        Assert.Equal((403, Codes.DelegationInvalid), (outside.Status, outside.Code));
        Assert.Contains(ChainReasons.ScopeNotGranted, outside.Text, StringComparison.Ordinal);
        Assert.Equal(Codes.DelegationInvalid, (await CallAsync(server.Server, worker, root.GrantId)).Code);

        var revoked = await server.Client.RevokeGrantAsync(root.GrantId, "project ended");
        Assert.Equal(3, revoked.Ended);
        var after = await CallAsync(server.Server, worker, leaf.GrantId);
        Assert.Equal((403, Codes.DelegationInvalid), (after.Status, after.Code));
        Assert.Contains(ChainReasons.ParentRevoked, after.Text, StringComparison.Ordinal);
        Assert.Equal(Codes.NotPermitted, (await CallAsync(server.Server, worker, null)).Code);
    }

    [Fact]
    public async Task A_forbid_holds_for_everybody_in_the_chain()
    {
        await using var server = await PolicyServer.StartAsync();
        await server.ActivateAsync(PolicyServer.Shipped + Banned, 0);
        var worker = await server.Server.CreateKeyAsync("agent_worker", Scopes.Doors);
        var root = await server.Client.IssueGrantAsync(Ask("agent_boss", "agent_banned", "*"));
        var leaf = await server.Client.IssueGrantAsync(Ask("agent_banned", "agent_worker", "Model:*", root.GrantId));

        Assert.Equal(200, (await CallAsync(server.Server, worker, null)).Status);
        Assert.Equal(Codes.Forbidden, (await CallAsync(server.Server, worker, leaf.GrantId)).Code);
    }

    [Theory]
    [InlineData("g_00000000000000000000000000000000", 403, Codes.DelegationInvalid)]
    [InlineData("G_00000000000000000000000000000000", 400, Codes.DelegationMalformed)]
    [InlineData("g_0", 400, Codes.DelegationMalformed)]
    [InlineData("anything at all", 400, Codes.DelegationMalformed)]
    public async Task A_grant_nobody_knows_is_denied_and_a_header_that_names_none_refused(string grant, int status, string code)
    {
        await using var server = await GatewayServer.StartAsync();

        var answer = await CallAsync(server, server.Key, grant);

        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Empty(server.Received.Received);
    }

    [Fact]
    public async Task Issuing_and_revoking_are_on_record_and_survive_a_restart()
    {
        var directory = Directory.CreateTempSubdirectory("agentgate-grants").FullName;
        var (state, kept) = (Path.Combine(directory, "state"), Path.Combine(directory, "kept"));
        string id, gone;
        await using (var first = await PolicyServer.StartAsync(directory: state))
        {
            id = (await first.Client.IssueGrantAsync(Ask("agent_boss", "agent_lead", "Model:*"))).GrantId;
            gone = (await first.Client.IssueGrantAsync(Ask("agent_boss", "agent_other", "Model:*"))).GrantId;
            await first.Client.RevokeGrantAsync(gone, "mistake");
            var log = await first.Server.LogAsync();
            Assert.Equal(2, log.Count(entry => entry is { Kind: EntryKind.Intent, Action: GateActions.IssueGrant, Resource.Id: "agent_boss" }));
            Assert.Single(log, entry => entry is { Kind: EntryKind.Intent, Action: GateActions.RevokeGrant });
            Copy(state, kept);
        }

        await using var second = await PolicyServer.StartAsync(directory: kept);
        Assert.True((await second.Client.ReadGrantAsync(id))!.Grant.Active);
        Assert.Equal((false, ChainReasons.Revoked), (await second.Client.ReadGrantAsync(gone))!.Grant is var grant ? (grant.Active, grant.Reason) : default);
        Assert.Equal(gone, Assert.Single((await second.Client.ListRevocationsAsync()).Revocations).GrantId);
        Assert.Equal(2, (await second.Client.ListGrantsAsync("agent_boss")).Grants.Count);
    }

    [Fact]
    public async Task A_refusal_names_the_field_and_the_reason()
    {
        await using var server = await PolicyServer.StartAsync();
        var root = await server.Client.IssueGrantAsync(Ask("agent_boss", "agent_lead", "Model:demo-echo"));

        var (status, problem) = await PolicyServer.RefusedAsync(() => server.Client.IssueGrantAsync(Ask("agent_lead", "agent_worker", "Model:*", root.GrantId)));

        Assert.Equal((400, Codes.GrantNotNarrower, "resource_scope", ChainReasons.ScopeAttenuation), (status, problem.Code, problem.Field, problem.Reason));
    }

    [Fact]
    public async Task Another_tenant_sees_nothing_and_a_key_without_the_scope_may_nothing()
    {
        await using var server = await PolicyServer.StartAsync();
        var root = await server.Client.IssueGrantAsync(Ask("agent_boss", "agent_lead", "Model:*"));
        var stranger = await server.ClientOfAsync("agent_op", "other", Scopes.DelegationRead, Scopes.DelegationWrite);
        var reader = await server.ClientOfAsync("agent_reader", "default", Scopes.DelegationRead);

        Assert.Null(await stranger.ReadGrantAsync(root.GrantId));
        Assert.Empty((await stranger.ListGrantsAsync()).Grants);
        Assert.Equal(404, (await PolicyServer.RefusedAsync(() => stranger.RevokeGrantAsync(root.GrantId, "mine"))).Status);
        Assert.Equal(404, (await PolicyServer.RefusedAsync(() => stranger.IssueGrantAsync(Ask("agent_lead", "x", "Model:*", root.GrantId)))).Status);
        Assert.Equal(404, (await PolicyServer.RefusedAsync(() => server.Client.IssueGrantAsync(Ask("agent_boss", "x", "*") with { TenantId = "other" }))).Status);
        Assert.Equal(403, (await PolicyServer.RefusedAsync(() => reader.RevokeGrantAsync(root.GrantId, "mine"))).Status);
        Assert.True((await reader.ReadGrantAsync(root.GrantId))!.Grant.Active);
    }

    /// <summary>A server deletes its state when it is disposed; what shall be found again is copied before.</summary>
    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from, "*", new EnumerationOptions { AttributesToSkip = 0 }).Where(file => Path.GetFileName(file) != "server.lock"))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
