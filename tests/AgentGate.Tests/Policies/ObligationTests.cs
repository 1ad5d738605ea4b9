using AgentGate.Cedar.Syntax;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Policies;
using AgentGate.Policies.Versions;
using AgentGate.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentGate.Tests.Policies;

/// <summary>What policies and settings may demand: nothing that does not exist, and nothing that nobody here could fulfil.</summary>
public sealed class ObligationTests
{
    private const string Approval = """@id("careful") @obligation("approval_required") permit (principal, action, resource);""";

    [Theory]
    [InlineData("""@id("p") @obligation("human_approval") permit (principal, action, resource);""", "human_approval")]
    [InlineData("""@id("p") @obligation("mfa_required, mfa") permit (principal, action, resource);""", "\"mfa\"")]
    [InlineData("""@id("p") @obligation("mfa_required") forbid (principal, action, resource);""", "put it on a permit")]
    [InlineData(Approval, "no Approvals guard is installed")]
    public void A_demand_that_nothing_fulfils_is_refused_at_load_and_at_activation(string policy, string says)
    {
        var fault = Assert.Single(ConfiguredPolicies.Read(new PolicyOptions { Inline = { policy } }, out _));
        Assert.Contains(Codes.ObligationUnusable, fault, StringComparison.Ordinal);
        Assert.Contains(says, fault, StringComparison.Ordinal);

        var check = PolicyCheck.Of(policy);
        Assert.False(check.IsValid);
        Assert.Contains(says, Assert.Single(check.Findings, finding => finding.Kind == "obligation").Diagnostic.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_somebody_approves_an_approval_may_be_demanded()
    {
        Assert.Empty(ConfiguredPolicies.Read(new PolicyOptions { Inline = { Approval } }, out _, out _, hasApprovals: true));
        Assert.True(PolicyCheck.Of(Approval, hasApprovals: true).IsValid);
    }

    [Fact]
    public void Policies_that_demand_what_nobody_gives_never_judge()
    {
        var refused = Assert.Throws<OptionsValidationException>(() => PoliciesServiceCollectionExtensions.Configured(new PolicyOptions { Inline = { Approval } }));
        Assert.Contains(Codes.ObligationUnusable, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("readThings", "mfa_required", "Action")]
    [InlineData("*", "mfa", "Obligation")]
    [InlineData("callTool", "approval_required", "no Approvals guard")]
    public void Settings_that_mean_nothing_are_refused(string action, string obligation, string says)
    {
        var options = new AdmissibilityOptions { Obligations = { new ObligationRule { Action = action, Obligation = obligation } } };
        Assert.Contains(says, new AdmissibilityOptionsValidator().Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_are_whole_seconds_within_a_day()
    {
        var options = new AdmissibilityOptions { Validity = TimeSpan.FromMilliseconds(1500), AttestationLifetime = TimeSpan.FromDays(2) };
        Assert.Equal(2, options.Problems().Length);
    }

    [Fact]
    public void What_waits_for_a_person_is_held_only_where_one_can_release_it()
    {
        // The other guards are asked first: the call goes on with a demand, and the last guard holds it.
        var scope = new CallScope();
        Assert.IsType<Verdict.Allow>(Ask(Approval, new ApprovalsInstalled(), scope));
        Assert.Equal(Codes.ApprovalRequired, scope.Find<ApprovalDemand>()!.Code);

        // The same set without the guard does not start; asked all the same, the call is denied and never held for ever.
        Assert.Equal(Codes.ApprovalRequired, Assert.IsType<Verdict.Deny>(Ask(Approval, null)).Code);
    }

    [Fact]
    public void A_missing_second_factor_denies_even_where_the_rest_could_wait()
    {
        const string Both = """@id("careful") @obligation("approval_required,mfa_required") permit (principal, action, resource);""";
        Assert.Equal(Codes.MfaRequired, Assert.IsType<Verdict.Deny>(Ask(Both, new ApprovalsInstalled())).Code);
    }

    private static Verdict Ask(string policy, ApprovalsInstalled? approvals, CallScope? scope = null)
    {
        var catalog = new ToolCatalog(Options.Create(new ToolOptions()));
        var registry = new PolicyRegistry(ActivePolicies.Of("configuration", PolicySet.Parse(policy, PolicyIdSource.IdAnnotation)));
        var guard = new AdmissibilityGuard(
            registry, new PolicyEntities(catalog), catalog, new PolicyMetrics(), NullLogger<AdmissibilityGuard>.Instance,
            new KnowledgeEpochs(new AdmissibilitySettings()), approvals: approvals);
        var asked = guard.InspectAsync(
            new GuardContext(PolicyFixture.Call(GateActions.CallModel, EntityRef.Model("m")), scope ?? new CallScope()), CancellationToken.None);
        return asked.IsCompletedSuccessfully ? asked.Result : throw new InvalidOperationException("The guard went away.");
    }
}
