using AgentGate.Client.Policies;
using AgentGate.Diagnostics;
using AgentGate.Integration.Tests.Security;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Integration.Tests.Policies;

/// <summary>From a draft to what is in force and back, as a person does it.</summary>
public sealed class PolicyLifecycleTests
{
    [Fact]
    public async Task A_draft_is_checked_activated_and_rolled_back_without_a_restart_and_everything_is_on_record()
    {
        await using var server = await PolicyServer.StartAsync();
        var client = server.Client;
        Assert.Equal((200, ""), await server.AskAsync());

        // A draft may be wrong; checking says where.
        var draft = await client.CreatePolicyAsync(PolicyServer.Shipped + "\nforbid (principal, action, resource) when { resource.colour == 7 };", "no colours");
        Assert.Equal((1, "draft", 1, "no colours", "agent_demo"), (draft.Version, draft.Status, draft.Revision, draft.Note, draft.Author));
        Assert.True(draft.Errors > 0);
        var check = await client.ValidatePolicyAsync(1);
        Assert.False(check.Valid);
        Assert.Contains(check.Findings, finding => finding is { Severity: "error", Line: > 1, Column: > 0 } && finding.Message.Contains("colour", StringComparison.Ordinal)
            && finding.Snippet!.Contains('^', StringComparison.Ordinal));
        var (status, problem) = await PolicyServer.RefusedAsync(() => client.ActivatePolicyAsync(1, new PolicyActivationRequest { ExpectedActive = 0 }));
        Assert.Equal((400, Codes.PolicySetInvalid), (status, problem.Code));
        Assert.NotEmpty(problem.Findings!);

        // Corrected, it comes into force, and the next call is judged by it.
        draft = await client.UpdatePolicyAsync(1, 1, PolicyServer.Shipped + PolicyServer.NoEcho, "no echo");
        Assert.Equal((2, 0), (draft.Revision, draft.Errors));
        Assert.True((await client.ValidatePolicyAsync(1)).Valid);
        Assert.Equal(1, (await client.ActivatePolicyAsync(1, new PolicyActivationRequest { ExpectedActive = 0 })).Active);
        Assert.Equal((403, Codes.Forbidden), await server.AskAsync());
        var active = await client.ReadActivePoliciesAsync();
        Assert.Equal((1, "v1", draft.SetHash, draft.Text), (active.Version, active.Id, active.SetHash, active.Text));

        // Rolled back, it is as before.
        Assert.Equal(0, (await client.RollBackPoliciesAsync(new PolicyActivationRequest { ExpectedActive = 1 })).Active);
        Assert.Equal((200, ""), await server.AskAsync());
        Assert.Equal("configuration", (await client.ReadActivePoliciesAsync()).Id);

        // History and the log tell the same, and each change names its call.
        var history = (await client.ReadPolicyHistoryAsync()).Entries;
        Assert.Equal(["rolled_back", "retired", "activated", "updated", "created"], history.Select(line => line.Event));
        var log = (await server.Server.LogAsync()).Where(entry => entry.Action == GateActions.ActivatePolicy).ToList();
        Assert.Equal([EntryKind.Intent, EntryKind.Outcome, EntryKind.Intent, EntryKind.Outcome], log.Select(entry => entry.Kind));
        Assert.All(log.Where(entry => entry.Kind == EntryKind.Outcome), entry => Assert.Equal(OutcomeKind.Completed, entry.Outcome));
        Assert.Equal(new EntityRef(EntityRef.PolicySetType, "v1"), log[0].Resource);
        Assert.Equal(draft.SetHash, Assert.Single(log[0].Targets).Name);
        Assert.Equal(log[0].CallId, history.Single(line => line.Event == "activated").CallId);
        Assert.Equal(log[2].CallId, history[0].CallId);
    }

    [Fact]
    public async Task Rolling_back_twice_goes_back_twice()
    {
        await using var server = await PolicyServer.StartAsync();
        await server.ActivateAsync(PolicyServer.Shipped + "// one", 0);
        await server.ActivateAsync(PolicyServer.Shipped + "// two", 1);
        await server.ActivateAsync(PolicyServer.Shipped + "// three", 2);

        Assert.Equal(2, (await server.Client.RollBackPoliciesAsync(new PolicyActivationRequest { ExpectedActive = 3 })).Active);
        Assert.Equal(1, (await server.Client.RollBackPoliciesAsync(new PolicyActivationRequest { ExpectedActive = 2 })).Active);
        Assert.Equal(0, (await server.Client.RollBackPoliciesAsync(new PolicyActivationRequest { ExpectedActive = 1 })).Active);
        var (status, problem) = await PolicyServer.RefusedAsync(() => server.Client.RollBackPoliciesAsync(new PolicyActivationRequest { ExpectedActive = 0 }));
        Assert.Equal((409, Codes.PolicyConflict), (status, problem.Code));
    }

    [Fact]
    public async Task A_shadow_is_asked_and_not_enforced()
    {
        await using var server = await PolicyServer.StartAsync();
        await server.Client.CreatePolicyAsync(PolicyServer.Shipped + PolicyServer.NoEcho);

        await server.Client.ShadowPolicyAsync(1);
        Assert.Equal((200, ""), await server.AskAsync());
        Assert.Equal("v1", (await server.Client.ReadActivePoliciesAsync()).Shadow);
        var verdict = (await server.Server.LogAsync())[^2].Verdicts.Single(verdict => verdict.Guard == "Admissibility");
        Assert.Contains(verdict.Findings, finding => finding.Rule == "shadow");

        await server.Client.EndPolicyShadowAsync();
        Assert.Null((await server.Client.ReadActivePoliciesAsync()).Shadow);
        Assert.Equal("draft", (await server.Client.ReadPolicyAsync(1))!.Status);
    }

    [Fact]
    public async Task Who_expects_something_else_in_force_gets_a_conflict()
    {
        await using var server = await PolicyServer.StartAsync();
        await server.ActivateAsync(PolicyServer.Shipped, 0);
        await server.Client.CreatePolicyAsync(PolicyServer.Shipped + PolicyServer.NoEcho);

        var (status, problem) = await PolicyServer.RefusedAsync(() => server.Client.ActivatePolicyAsync(2, new PolicyActivationRequest { ExpectedActive = 0 }));

        Assert.Equal((409, Codes.PolicyConflict), (status, problem.Code));
        Assert.Equal((200, ""), await server.AskAsync());
        Assert.Equal(1, (await server.Client.ListPoliciesAsync()).Active);
        Assert.Equal(OutcomeKind.Failed, (await server.Server.LogAsync()).Last(entry => entry.Action == GateActions.ActivatePolicy).Outcome);
    }

    [Fact]
    public async Task Of_two_who_activate_at_once_one_succeeds_and_that_one_judges()
    {
        await using var server = await PolicyServer.StartAsync();
        await server.Client.CreatePolicyAsync(PolicyServer.Shipped);
        await server.Client.CreatePolicyAsync(PolicyServer.Shipped + PolicyServer.NoEcho);

        var tried = await Task.WhenAll(new[] { 1, 2 }.Select(async version =>
        {
            try
            {
                return (await server.Client.ActivatePolicyAsync(version, new PolicyActivationRequest { ExpectedActive = 0 })).Active;
            }
            catch (Client.AgentGateApiException refused) when (refused.Problem?.Code == Codes.PolicyConflict)
            {
                return -1;
            }
        }));

        var winner = Assert.Single(tried, active => active > 0);
        Assert.Equal(winner, (await server.Client.ListPoliciesAsync()).Active);
        Assert.Equal(winner, (await server.Client.ReadActivePoliciesAsync()).Version);
        Assert.Equal(winner == 2 ? 403 : 200, (await server.AskAsync()).Status);
    }

    [Fact]
    public async Task A_change_of_a_draft_names_the_text_it_was_made_from()
    {
        await using var server = await PolicyServer.StartAsync();
        await server.Client.CreatePolicyAsync("// one");
        await server.Client.UpdatePolicyAsync(1, 1, "// two");

        var (status, problem) = await PolicyServer.RefusedAsync(() => server.Client.UpdatePolicyAsync(1, 1, "// three"));

        Assert.Equal((409, Codes.PolicyConflict), (status, problem.Code));
        Assert.Equal("// two", (await server.Client.ReadPolicyAsync(1))!.Text);
        await server.Client.DeletePolicyAsync(1);
        Assert.Null(await server.Client.ReadPolicyAsync(1));
        Assert.Equal(404, (await PolicyServer.RefusedAsync(() => server.Client.DeletePolicyAsync(1))).Status);
    }

    [Fact]
    public async Task What_was_in_force_does_not_change_any_more()
    {
        await using var server = await PolicyServer.StartAsync();
        await server.ActivateAsync(PolicyServer.Shipped, 0);

        var (status, problem) = await PolicyServer.RefusedAsync(() => server.Client.UpdatePolicyAsync(1, 1, "// another"));

        Assert.Equal((409, Codes.PolicyVersionFrozen), (status, problem.Code));
    }

    [Fact]
    public async Task A_tenant_has_policies_of_its_own_and_sees_no_others()
    {
        await using var server = await PolicyServer.StartAsync();
        await server.ActivateAsync(PolicyServer.Shipped + PolicyServer.NoEcho, 0);
        var other = await server.ClientOfAsync("agent_other", "other", Scopes.PoliciesRead, Scopes.PoliciesWrite, Scopes.Doors);

        Assert.Null(await other.ReadPolicyAsync(1));
        Assert.Empty((await other.ListPoliciesAsync()).Versions);
        Assert.Empty((await other.ReadPolicyHistoryAsync()).Entries);
        Assert.Equal("configuration", (await other.ReadActivePoliciesAsync()).Id);
        Assert.Equal(404, (await PolicyServer.RefusedAsync(() => other.ActivatePolicyAsync(1, new PolicyActivationRequest { ExpectedActive = 0 }))).Status);
        Assert.Equal(404, (await PolicyServer.RefusedAsync(() => other.ValidatePolicyAsync(1))).Status);
        Assert.Equal(404, (await PolicyServer.RefusedAsync(() => other.ShadowPolicyAsync(1))).Status);
        Assert.Equal(1, (await other.CreatePolicyAsync("// theirs")).Version);
        Assert.Equal((403, Codes.Forbidden), await server.AskAsync());
    }

    [Fact]
    public async Task Reading_is_one_scope_and_writing_another()
    {
        await using var server = await PolicyServer.StartAsync();
        var reader = await server.ClientOfAsync("agent_reader", "default", Scopes.PoliciesRead);

        Assert.Empty((await reader.ListPoliciesAsync()).Versions);
        var (status, problem) = await PolicyServer.RefusedAsync(() => reader.CreatePolicyAsync("// x"));
        Assert.Equal((403, Codes.KeyScopeMissing), (status, problem.Code));
    }
}
