using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Syntax;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;
using AgentGate.Pipeline;
using AgentGate.Policies;
using AgentGate.Tests.Delegation;
using AgentGate.Tools;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentGate.Tests.Policies;

/// <summary>Nobody passes on what a forbid by role, scope or key takes from them.</summary>
public sealed class GrantorForbidTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""forbid (principal in AgentGate::Role::"intern", action, resource);""", true)]
    [InlineData("""forbid (principal, action, resource) when { principal in AgentGate::Role::"intern" };""", true)]
    [InlineData("""forbid (principal, action, resource) unless { principal.roles.contains("admin") };""", true)]
    [InlineData("""forbid (principal, action, resource) when { resource.key like "a*" && !principal["scopes"].contains("x") };""", true)]
    [InlineData("""forbid (principal, action, resource) unless { principal has keyId };""", true)]
    [InlineData("""forbid (principal, action, resource) when { principal.id == "agent_7" };""", false)]
    [InlineData("""permit (principal in AgentGate::Role::"intern", action, resource);""", false)]
    public void A_forbid_by_what_key_records_say_is_known(string policy, bool depends)
        => Assert.Equal(depends, GrantorForbids.DependOnRecords(Authorizer.Create(PolicySet.Parse(policy))));

    [Theory]
    [InlineData("""forbid (principal in AgentGate::Role::"intern", action, resource);""", true, Codes.DelegationInvalid)]
    [InlineData("""forbid (principal in AgentGate::Role::"intern", action, resource);""", false, null)]
    [InlineData("""forbid (principal == AgentGate::Agent::"agent_7", action, resource);""", true, null)]
    public void No_call_under_a_grant_is_judged_by_such_a_set(string forbid, bool isDelegated, string? code)
    {
        var verdict = Ask(PolicyFixture.PermitAll + forbid, isDelegated);

        Assert.Equal(code, (verdict as Verdict.Deny)?.Code);
        Assert.Equal(code is not null, (verdict as Verdict.Deny)?.Reason.Contains("what the server does not know of the grantors", StringComparison.Ordinal) ?? false);
    }

    private static Verdict Ask(string policies, bool isDelegated)
    {
        using var keys = new FixedKeys();
        var grant = new Grant
        {
            Id = "g_" + new string('1', 32), Tenant = "t", Principal = "agent_boss", Delegate = "agent_1", Actions = ["*"], ResourceScope = ["*"],
            IssuedAt = s_noon.AddHours(-1), ExpiresAt = s_noon.AddHours(1),
        };
        var grants = new AgentGate.Delegation.GrantRegistry();
        grants.Put("t", GrantSnapshot.Empty.With(SignedGrant.Sign(grant, keys.Current)));
        var catalog = new ToolCatalog(Options.Create(new ToolOptions()));
        var registry = new PolicyFixture(policies).Registry;
        var guard = new AdmissibilityGuard(
            registry, new PolicyEntities(catalog), catalog, new PolicyMetrics(), NullLogger<AdmissibilityGuard>.Instance,
            new KnowledgeEpochs(new AdmissibilitySettings(), grants));
        var context = new CallContext { At = s_noon, DelegationRef = isDelegated ? grant.Id : null };
        return guard.InspectAsync(
            new GuardContext(PolicyFixture.Call(GateActions.CallTool, EntityRef.Tool("t"), context), new CallScope()), CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }
}
