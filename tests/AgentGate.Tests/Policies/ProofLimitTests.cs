using System.Text.Json;
using AgentGate.Cedar.Syntax;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Tests.Pipeline;

namespace AgentGate.Tests.Policies;

/// <summary>Nothing is allowed that nobody could verify.</summary>
public sealed class ProofLimitTests
{
    private static PolicyFixture Fixture() => new PolicyFixture(PolicyFixture.PermitAll).Declare("move", "paths", ArgumentKind.Path, GateActions.Delete, "/work");

    private static GateCall Moving(int paths, int depth)
        => PolicyFixture.ToolCall("move", JsonSerializer.Serialize(new
        {
            paths = Enumerable.Range(0, paths).Select(path => string.Concat(Enumerable.Repeat("/a-folder-with-a-name", depth)) + "/" + path),
        }));

    private static async Task<(GateResult Result, bool Ran)> RunAsync(GateCall call)
    {
        var (gate, policies) = (new GateFixture(), Fixture());
        gate.Guard("Admissibility", GuardOrder.Admissibility, (context, _) => ValueTask.FromResult(policies.Ask(context.Call, context.Scope)));
        var effect = new TestEffect(gate.Events);
        return (await gate.Build().RunAsync(call, effect, default), effect.Ran);
    }

    [Fact]
    public async Task Hundreds_of_deep_paths_are_denied_and_nothing_runs()
    {
        var (result, ran) = await RunAsync(Moving(paths: 256, depth: 100));

        Assert.Equal((Codes.AsksTooMuch, false), (Assert.IsType<GateResult.Denied>(result).Denial.Code, ran));
    }

    [Fact]
    public async Task An_ordinary_call_with_many_targets_runs()
    {
        var (result, ran) = await RunAsync(Moving(paths: 40, depth: 4));

        Assert.True(ran);
        Assert.IsType<GateResult.Completed>(result);
    }

    [Fact]
    public void Targets_that_ask_too_much_only_after_arguments_changed_are_denied_as_well()
    {
        var (fixture, scope) = (Fixture(), new CallScope());

        Assert.IsType<Verdict.Allow>(fixture.Ask(Moving(paths: 1, depth: 1), scope));

        Assert.Equal(Codes.AsksTooMuch, Assert.IsType<Verdict.Deny>(fixture.AskAgain(Moving(paths: 256, depth: 100), scope)).Code);
    }

    [Fact]
    public void The_limits_are_those_that_a_verifier_has()
    {
        var one = PolicySet.Parse("permit (principal, action, resource);");
        var many = PolicySet.Parse(string.Concat(Enumerable.Repeat("permit (principal, action, resource);", 2_000)));

        Assert.True(VerifierLimits.Hold(VerifierLimits.AlphaLengthMax, 256, one));
        Assert.False(VerifierLimits.Hold(VerifierLimits.AlphaLengthMax + 1, 1, one));
        Assert.False(VerifierLimits.Hold(1_000, VerifierLimits.QuestionsMax + 1, one));
        Assert.True(VerifierLimits.Hold(64 * 1024, 20, many));
        Assert.False(VerifierLimits.Hold(1024 * 1024, 100, many));
    }
}
