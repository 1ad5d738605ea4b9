using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Tests.Pipeline;

namespace AgentGate.Tests.Guardrails;

/// <summary>A call that is counted and does not happen is given back, whichever way it ends; one that may have happened is not.</summary>
public sealed class GuardrailGateTests
{
    private readonly GuardrailFixture _rails = new("""[{"tool":"*","max_calls":1,"window":"1h"}]""");
    private readonly GateFixture _gate = new();

    public GuardrailGateTests()
        => _gate.Guards.Add(new GuardDescriptor("Guardrails", GuardOrder.Guardrails) { Request = _rails.Guard });

    private TestEffect Effect(Func<Permit, CancellationToken, ValueTask<EffectResult>>? run = null) => new(_gate.Events, run);

    private async Task<GateResult> RunAsync(IEffect effect, CancellationToken cancellationToken = default)
        => await _gate.Build().RunAsync(_rails.Call("send_email"), effect, cancellationToken);

    private async Task<bool> IsCountedAsync() => await _rails.AskAsync("send_email") is Verdict.Deny;

    [Fact]
    public async Task A_call_that_completes_is_counted()
    {
        Assert.IsType<GateResult.Completed>(await RunAsync(Effect()));
        Assert.True(await IsCountedAsync());
        Assert.Equal(Codes.GuardrailCallsReached, Assert.IsType<GateResult.Denied>(await RunAsync(Effect())).Denial.Code);
    }

    [Fact]
    public async Task A_call_that_a_later_guard_refuses_is_given_back()
    {
        _gate.Guard("later", GuardOrder.Budgets, new Verdict.Deny("AG9999", "No.", DenialKind.Forbidden));
        Assert.IsType<GateResult.Denied>(await RunAsync(Effect()));
        Assert.False(await IsCountedAsync());
    }

    [Fact]
    public async Task A_call_that_a_later_guard_holds_keeps_its_place()
    {
        _gate.Guard("later", GuardOrder.Approvals, new Verdict.Hold("AG9999", "Wait."));
        await RunAsync(Effect());
        Assert.True(await IsCountedAsync());
    }

    [Fact]
    public async Task A_call_whose_intent_is_not_on_record_is_given_back()
    {
        _gate.Recorder.Before = _ => throw new IOException("full");
        Assert.Equal(Codes.IntentNotRecorded, Assert.IsType<GateResult.Denied>(await RunAsync(Effect())).Denial.Code);
        Assert.False(await IsCountedAsync());
    }

    [Fact]
    public async Task A_call_that_is_given_up_before_its_effect_is_given_back()
    {
        using var gone = new CancellationTokenSource();
        _gate.Guard("later", GuardOrder.Budgets, async (_, token) =>
        {
            await gone.CancelAsync();
            token.ThrowIfCancellationRequested();
            return Verdict.Allowed;
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await RunAsync(Effect(), gone.Token));
        Assert.False(await IsCountedAsync());
    }

    [Fact]
    public async Task A_call_whose_effect_fails_is_given_back()
    {
        var failed = await RunAsync(Effect((permit, _) =>
        {
            permit.Use();
            throw new InvalidOperationException("broken");
        }));
        Assert.IsType<GateResult.Failed>(failed);
        Assert.False(await IsCountedAsync());
    }

    [Fact]
    public async Task A_call_that_is_cut_off_in_its_effect_may_have_happened_and_is_counted()
    {
        using var gone = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await RunAsync(
            Effect(async (permit, token) =>
            {
                permit.Use();
                await gone.CancelAsync();
                token.ThrowIfCancellationRequested();
                return await ValueTask.FromException<EffectResult>(new InvalidOperationException());
            }),
            gone.Token));
        Assert.True(await IsCountedAsync());
    }

    [Fact]
    public async Task A_hold_that_throws_changes_nothing_of_the_call()
    {
        _gate.Guard("holding", GuardOrder.Limits, (context, _) =>
        {
            context.Scope.Hold(new BrokenHold());
            return ValueTask.FromResult(Verdict.Allowed);
        });
        Assert.IsType<GateResult.Completed>(await RunAsync(Effect()));
    }

    [Fact]
    public async Task A_watching_guard_refuses_nothing_and_its_verdict_is_on_record_as_shadow()
    {
        var watched = new GuardrailFixture("""{"mode":"shadow","policies":[{"tool":"*","max_calls":1,"window":"1h"}]}""");
        _gate.Guards.Clear();
        _gate.Guards.Add(new GuardDescriptor("GuardrailsShadow", GuardOrder.Guardrails) { Request = watched.Guard, Shadow = true });
        await RunAsync(Effect());
        Assert.IsType<GateResult.Completed>(await RunAsync(Effect()));

        var verdict = Assert.Single(_gate.Recorder.Entries[^1].Entry.Verdicts);
        Assert.Equal(("deny", Codes.GuardrailCallsReached, true), (verdict.Answer, verdict.Code, verdict.Shadow));
    }

    private sealed class BrokenHold : ICallHold
    {
        public ValueTask EndedAsync(CallFate fate) => throw new InvalidOperationException("a test");
    }
}
