using AgentGate.Delegation;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;
using AgentGate.Pipeline;
using AgentGate.Policies;
using AgentGate.Tests.Delegation;
using AgentGate.Tests.Pipeline;
using AgentGate.Tools;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentGate.Tests.Policies;

/// <summary>A grant that ends while a call is judged ends the call, whatever was decided before.</summary>
public sealed class LapsedGrantTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string s_id = "g_" + new string('1', 32);

    [Theory]
    [InlineData("nothing", null)]
    [InlineData("revoke", "revoked")]
    [InlineData("expire", "expired")]
    public async Task What_happens_between_the_guards_and_the_intent_counts(string meanwhile, string? reason)
    {
        using var keys = new FixedKeys();
        var grants = new GrantRegistry();
        grants.Put("t", GrantSnapshot.Empty.With(SignedGrant.Sign(Grant(), keys.Current)));
        var fixture = new GateFixture { Grants = grants };
        fixture.Time.SetUtcNow(s_noon);
        fixture.Guards.Add(new GuardDescriptor("Admissibility", GuardOrder.Admissibility) { Request = Admissibility(grants) });
        fixture.Guard("Slow", GuardOrder.Budgets, (_, _) =>
        {
            if (meanwhile == "revoke")
            {
                grants.Put("t", grants.Current("t").With(new GrantRevocation(s_id, s_noon, "left")));
            }

            return ValueTask.FromResult<Verdict>(Verdict.Allowed);
        });
        if (meanwhile == "expire")
        {
            // Held for long by whoever stands between.
            fixture.Binding = new SlowBinding(() => fixture.Time.Advance(TimeSpan.FromHours(2)));
        }

        var effect = new TestEffect(fixture.Events);
        var call = PolicyFixture.Call(GateActions.CallTool, EntityRef.Tool("t"), new CallContext { At = s_noon, DelegationRef = s_id });
        var result = await fixture.Build().RunAsync(call with { Content = GateFixture.Json("{}") }, effect, default);

        Assert.Equal(reason is null, effect.Ran);
        if (reason is not null)
        {
            var denial = Assert.IsType<GateResult.Denied>(result).Denial;
            Assert.Equal(Codes.DelegationInvalid, denial.Code);
            Assert.Contains(reason, denial.Reason, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(["Denied"], fixture.Recorder.Kinds);
        }
    }

    private static Grant Grant() => new()
    {
        Id = s_id, Tenant = "t", Principal = "agent_boss", Delegate = "agent_1", Actions = ["*"], ResourceScope = ["*"],
        IssuedAt = s_noon.AddHours(-1), ExpiresAt = s_noon.AddHours(1),
    };

    private static AdmissibilityGuard Admissibility(GrantRegistry grants)
    {
        var catalog = new ToolCatalog(Options.Create(new ToolOptions()));
        return new AdmissibilityGuard(
            new PolicyFixture(PolicyFixture.PermitAll).Registry, new PolicyEntities(catalog), catalog, new PolicyMetrics(),
            NullLogger<AdmissibilityGuard>.Instance, new KnowledgeEpochs(new AdmissibilitySettings(), grants));
    }

    private sealed class SlowBinding(Action wait) : IRawBinding
    {
        public string? Bind(CallScope scope, CallContent raw)
        {
            wait();
            return null;
        }
    }
}
