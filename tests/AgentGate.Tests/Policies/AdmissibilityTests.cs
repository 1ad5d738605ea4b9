using System.Net;
using AgentGate.Cedar.Syntax;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Policies;
using AgentGate.Tools;

namespace AgentGate.Tests.Policies;

/// <summary>What the gate makes of what the policies say.</summary>
public sealed class AdmissibilityTests
{
    private static string Breaking(string effect)
        => "@id(\"breaks\") " + effect + " (principal, action, resource) when { context.weekday + 9223372036854775807 > 0 };";

    [Fact]
    public void A_forbid_that_cannot_be_evaluated_forbids()
    {
        var denied = Assert.IsType<Verdict.Deny>(new PolicyFixture(PolicyFixture.PermitAll, Breaking("forbid")).Ask(PolicyFixture.Call(GateActions.CallModel, EntityRef.Model("m"))));

        Assert.Equal((Codes.PolicyFailed, "breaks"), (denied.Code, Assert.Single(denied.Policies)));
        Assert.Contains(new Finding("policy.error", null, 1, "breaks"), denied.Findings);
    }

    [Fact]
    public void A_permit_that_cannot_be_evaluated_does_not_count_and_is_told()
    {
        var call = PolicyFixture.Call(GateActions.CallModel, EntityRef.Model("m"));

        Assert.Equal(Codes.NotPermitted, new PolicyFixture(Breaking("permit")).Refusal(call));
        var allowed = Assert.IsType<Verdict.Allow>(new PolicyFixture(PolicyFixture.PermitAll, Breaking("permit")).Ask(call));
        Assert.Contains(new Finding("policy.error", null, 1, "breaks"), allowed.Findings);
    }

    [Fact]
    public void The_record_names_the_policies_that_decided()
    {
        var fixture = new PolicyFixture(
            PolicyFixture.PermitAll,
            """
            @id("one") forbid (principal, action == AgentGate::Action::"callTool", resource in AgentGate::Tool::"delete_user");
            @id("two") forbid (principal, action == AgentGate::Action::"callTool", resource) when { resource.key like "delete_*" };
            """);

        var denied = Assert.IsType<Verdict.Deny>(fixture.Ask(PolicyFixture.Call(GateActions.CallTool, EntityRef.Tool("delete_user"))));
        Assert.Equal((Codes.Forbidden, DenialKind.Forbidden), (denied.Code, denied.Kind));
        Assert.Equal(["one", "two"], denied.Policies);
        Assert.Equal(["one", "two"], denied.Findings.Select(finding => finding.Note));
        Assert.Contains("\"one\", \"two\" forbid callTool on Tool \"delete_user\"", denied.Reason, StringComparison.Ordinal);

        var allowed = Assert.IsType<Verdict.Allow>(fixture.Ask(PolicyFixture.Call(GateActions.CallTool, EntityRef.Tool("read_user"))));
        Assert.Equal([new Finding("policy", null, 1, "all")], allowed.Findings);
    }

    [Theory]
    [InlineData("delete_user", "Delete_User", Codes.Forbidden)]
    [InlineData("delete_user", "DELETE_USER", Codes.Forbidden)]
    [InlineData("Delete_User", "Delete_User", Codes.Forbidden)]
    [InlineData("delete_user", "delete_users", null)]
    public void A_forbid_of_what_is_in_a_tool_holds_in_every_case(string forbidden, string called, string? code)
        => Assert.Equal(
            code,
            new PolicyFixture(PolicyFixture.PermitAll, $"""forbid (principal, action, resource in AgentGate::Tool::"{forbidden}");""")
                .Refusal(GateActions.CallTool, EntityRef.Tool(called)));

    [Fact]
    public void A_permit_of_what_is_in_a_tool_holds_in_its_own_case()
    {
        var fixture = new PolicyFixture("""permit (principal, action, resource in AgentGate::Tool::"delete_user");""");

        Assert.Null(fixture.Refusal(GateActions.CallTool, EntityRef.Tool("delete_user")));
        Assert.Equal(Codes.NotPermitted, fixture.Refusal(GateActions.CallTool, EntityRef.Tool("Delete_User")));
    }

    [Fact]
    public void A_call_needs_every_permission_it_names_and_a_forced_tool_has_its_own_code()
    {
        var fixture = new PolicyFixture(PolicyFixture.PermitAll, """forbid (principal, action == AgentGate::Action::"callTool", resource) when { resource.name == "delete" };""");
        var call = PolicyFixture.Call(GateActions.CallModel, EntityRef.Model("m"));

        Assert.Null(fixture.Refusal(call with { AlsoRequires = [new ResourceRequest(GateActions.CallTool, EntityRef.Tool("look"))] }));
        Assert.Equal(Codes.ForcedToolForbidden, fixture.Refusal(call with { AlsoRequires = [new ResourceRequest(GateActions.CallTool, EntityRef.Tool("crm/delete"))] }));
    }

    [Fact]
    public void Tools_the_principal_may_never_call_leave_the_definitions()
    {
        var fixture = new PolicyFixture(PolicyFixture.PermitAll, """forbid (principal, action == AgentGate::Action::"callTool", resource) when { resource.key like "delete_*" };""");
        var content = PolicyFixture.Content("""{"tools":[{"name":"look"},{"name":"Delete_all"}]}""", SegmentRole.Definition, "look", "Delete_all");

        var verdict = fixture.Ask(PolicyFixture.Call(GateActions.CallModel, EntityRef.Model("m")) with { Content = content });

        Assert.Equal([new ContentChange.RemoveTool("Delete_all")], Assert.IsType<Verdict.Transform>(verdict).Changes);
    }

    [Theory]
    [InlineData("10.1.2.3", Codes.Forbidden)]
    [InlineData("::ffff:10.1.2.3", Codes.Forbidden)]
    [InlineData("11.1.2.3", null)]
    [InlineData("fe80::1%5", null)]
    [InlineData(null, null)]
    public void Where_a_call_comes_from_is_what_the_connection_says(string? source, string? code)
    {
        var context = new CallContext { At = DateTimeOffset.UnixEpoch, SourceAddress = source is null ? null : IPAddress.Parse(source) };

        Assert.Equal(
            code,
            new PolicyFixture(PolicyFixture.PermitAll, """forbid (principal, action, resource) when { context has sourceIp && context.sourceIp.isInRange(ip("10.0.0.0/8")) };""")
                .Refusal(PolicyFixture.Call(GateActions.CallModel, EntityRef.Model("m"), context)));
    }

    [Fact]
    public void Nothing_a_caller_claims_is_a_word_of_the_policies()
    {
        var faults = ConfiguredPolicies.Read(
            new PolicyOptions { Inline = { """permit (principal, action, resource) when { context.human_approved };""" } }, out _);

        Assert.NotEmpty(faults);
        Assert.All(faults, fault => Assert.Contains("human_approved", fault, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Admin", null)]
    [InlineData(" ADMIN ", null)]
    [InlineData("viewer", Codes.NotPermitted)]
    [InlineData("", Codes.NotPermitted)]
    public void Roles_are_compared_without_case(string role, string? code)
        => Assert.Equal(
            code,
            new PolicyFixture("""permit (principal in AgentGate::Role::"admin", action, resource);""")
                .Refusal(PolicyFixture.Call(GateActions.CallModel, EntityRef.Model("m"), principal: new Principal { Id = "a", Tenant = "t", Roles = [role] })));

    [Fact]
    public void What_is_declared_of_a_tool_can_be_asked_for()
    {
        var fixture = new PolicyFixture(
            """
            permit (principal, action == AgentGate::Action::"callTool", resource in AgentGate::ToolGroup::"crm");
            forbid (principal, action == AgentGate::Action::"callTool", resource) when { resource.effects.contains("pay") };
            forbid (principal, action == AgentGate::Action::"callTool", resource) unless { resource.declared };
            """);
        fixture.Tools.Declared.Add(new ToolRule { Tool = "crm/*", Groups = { "crm" }, Effects = { "read" } });
        fixture.Tools.Declared.Add(new ToolRule { Tool = "crm/pay_*", Effects = { "pay" } });

        Assert.Null(fixture.Refusal(GateActions.CallTool, EntityRef.Tool("crm/find")));
        Assert.Equal(Codes.Forbidden, fixture.Refusal(GateActions.CallTool, EntityRef.Tool("crm/pay_bill")));
        Assert.Equal(Codes.Forbidden, fixture.Refusal(GateActions.CallTool, EntityRef.Tool("other")));
    }

    [Fact]
    public void Values_are_put_back_where_the_policies_permit_the_kind()
    {
        var fixture = new PolicyFixture(
            """
            permit (principal, action == AgentGate::Action::"callTool", resource);
            permit (principal, action == AgentGate::Action::"restoreValues", resource) when { ["EMAIL"].containsAll(context.restores) };
            """);

        Assert.True(Restores("EMAIL"));
        Assert.False(Restores("EMAIL", "SSN"));
        Assert.False(Restores());

        bool Restores(params string[] types)
        {
            var scope = new CallScope();
            fixture.Ask(PolicyFixture.Call(GateActions.CallTool, EntityRef.Tool("t"), new CallContext { At = DateTimeOffset.UnixEpoch, Restores = [.. types] }), scope);
            return scope.Find<RestorePermit>()!.Permitted;
        }
    }

    [Theory]
    [InlineData("", null, true)]
    [InlineData("@obligation(\"mfa_required\")", null, false)]
    [InlineData("", "g_00000000000000000000000000000001", false)]
    public void Values_are_put_back_neither_under_a_delegation_nor_by_a_permit_that_asks_for_more(string annotation, string? delegation, bool restored)
    {
        var fixture = new PolicyFixture(
            """permit (principal, action == AgentGate::Action::"callTool", resource);""",
            annotation + """permit (principal, action == AgentGate::Action::"restoreValues", resource);""");
        var context = new CallContext { At = DateTimeOffset.UnixEpoch, Restores = ["EMAIL"], DelegationRef = delegation };
        var scope = new CallScope();

        fixture.Ask(PolicyFixture.Call(GateActions.CallTool, EntityRef.Tool("t"), context), scope);

        Assert.Equal(restored, scope.Find<RestorePermit>()!.Permitted);
    }

    [Fact]
    public void A_shadow_set_is_recorded_where_it_differs_and_enforced_nowhere()
    {
        var fixture = new PolicyFixture(PolicyFixture.PermitAll);
        fixture.Registry.SetShadow("t", ActivePolicies.Of(
            "draft 2", PolicySet.Parse("""@id("strict") forbid (principal, action, resource in AgentGate::Tool::"pay");""" + PolicyFixture.PermitAll, PolicyIdSource.IdAnnotation)));

        var differs = Assert.IsType<Verdict.Allow>(fixture.Ask(PolicyFixture.Call(GateActions.CallTool, EntityRef.Tool("pay"))));
        Assert.Contains(new Finding("shadow", null, 1, "would deny AG1202"), differs.Findings);
        Assert.Contains(new Finding("shadow.policy", null, 1, "strict"), differs.Findings);
        var agrees = Assert.IsType<Verdict.Allow>(fixture.Ask(PolicyFixture.Call(GateActions.CallTool, EntityRef.Tool("look"))));
        Assert.DoesNotContain(agrees.Findings, finding => finding.Rule.StartsWith("shadow", StringComparison.Ordinal));
    }

    [Fact]
    public void A_decision_costs_few_allocations()
    {
        var fixture = new PolicyFixture();
        fixture.Options.UseShippedDefault = true;
        var call = PolicyFixture.Call(GateActions.CallTool, EntityRef.Tool("look"));
        for (var i = 0; i < 100; i++)
        {
            fixture.Ask(call);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            fixture.Ask(call);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 0, 6_000);
    }

    [Fact]
    public void The_next_call_is_judged_by_the_version_that_was_activated_and_other_tenants_by_theirs()
    {
        var fixture = new PolicyFixture(PolicyFixture.PermitAll);
        var call = PolicyFixture.Call(GateActions.CallModel, EntityRef.Model("m"));
        Assert.Null(fixture.Refusal(call));

        fixture.Registry.Set("t", ActivePolicies.Of("2", PolicySet.Empty));
        Assert.Equal(Codes.NotPermitted, fixture.Refusal(call));
        Assert.Null(fixture.Refusal(call with { Principal = call.Principal with { Tenant = "other" } }));

        fixture.Registry.Clear("t");
        Assert.Null(fixture.Refusal(call));
    }
}
