using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Tests.Pipeline;

/// <summary>What the gate tells while a call runs: enough to follow it, nothing that may not rest, and never at the call's expense.</summary>
public sealed class GateEventTests
{
    private static readonly Principal s_agent = GateFixture.Call("{}").Principal;

    private static List<GateEvent> Drain(GateEventHub.Listener listener)
    {
        var heard = new List<GateEvent>();
        while (listener.Heard.TryRead(out var happened))
        {
            heard.Add(happened);
        }

        return heard;
    }

    [Fact]
    public async Task A_call_is_told_from_its_start_to_its_end_in_order()
    {
        var hub = new GateEventHub();
        var fixture = new GateFixture { Told = hub };
        fixture.Guard("First", GuardOrder.Tools, Verdict.Allowed);
        fixture.Guard("Pii", GuardOrder.Pii, GateFixture.Replace("<SSN_1>"));
        using var listener = hub.Listen(s_agent);

        await fixture.RunAsync(new TestEffect(fixture.Events));

        var heard = Drain(listener);
        Assert.Equal(["Started", "Judged", "Judged", "Decided", "Sent", "Ended"], heard.Select(h => h.Fact.GetType().Name));
        Assert.All(heard, happened => Assert.Equal(("t1", "agent", "call-1"), (happened.Tenant, happened.Principal, happened.CallId)));
        Assert.Equal("""{"a":"<SSN_1>"}""", heard.Select(h => h.Fact).OfType<GateFact.Sent>().Single().Text);
        Assert.DoesNotContain("hello", string.Join('\n', heard), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_denial_is_told_after_it_is_on_record()
    {
        var hub = new GateEventHub();
        var fixture = new GateFixture { Told = hub };
        fixture.Guard("Threats", GuardOrder.Threats, new Verdict.Deny("AG2001", "no", DenialKind.Invalid));
        using var listener = hub.Listen(s_agent);
        var heardBeforeRecord = -1;
        fixture.Recorder.Before = _ =>
        {
            heardBeforeRecord = listener.Heard.Count;
            return Task.CompletedTask;
        };

        await fixture.RunAsync(new TestEffect(fixture.Events));

        Assert.Equal(2, heardBeforeRecord);
        Assert.Equal(["Started", "Judged", "Decided"], Drain(listener).Select(h => h.Fact.GetType().Name));
    }

    [Fact]
    public async Task Who_listens_to_one_principal_hears_no_other()
    {
        var hub = new GateEventHub();
        var fixture = new GateFixture { Told = hub };
        using var other = hub.Listen(s_agent with { Id = "other" });
        using var tenant = hub.Listen(s_agent with { Tenant = "t2" });

        await fixture.RunAsync(new TestEffect(fixture.Events));

        Assert.Empty(Drain(other));
        Assert.Empty(Drain(tenant));
    }

    [Fact]
    public async Task A_listener_that_throws_changes_nothing()
    {
        var fixture = new GateFixture { Told = new Throwing() };
        fixture.Guard("First", GuardOrder.Tools, Verdict.Allowed);

        var result = await fixture.RunAsync(new TestEffect(fixture.Events));

        Assert.IsType<GateResult.Completed>(result);
        Assert.Equal(["Intent", "Outcome Completed"], fixture.Recorder.Kinds);
    }

    [Fact]
    public void A_listener_that_does_not_listen_loses_the_oldest_and_is_told_how_many()
    {
        var hub = new GateEventHub();
        using var listener = hub.Listen(s_agent);

        for (var i = 0; i < GateEventHub.Listener.WaitingMax + 5; i++)
        {
            hub.Publish(new GateEvent("t1", "agent", $"call-{i}", null, default, new GateFact.Decided(DecisionKind.Allow, null)));
        }

        Assert.Equal(5, listener.Lost);
        Assert.Equal("call-5", Drain(listener)[0].CallId);
    }

    [Fact]
    public void Who_stops_listening_costs_nothing_more()
    {
        var hub = new GateEventHub();
        var one = hub.Listen(s_agent);
        var two = hub.Listen(s_agent);

        one.Dispose();
        Assert.True(hub.HasListener(s_agent));
        two.Dispose();
        two.Dispose();

        Assert.False(hub.HasListener(s_agent));
    }

    private sealed class Throwing : IGateEvents
    {
        public bool HasListener(Principal principal) => true;

        public void Publish(GateEvent happened) => throw new InvalidOperationException(Codes.GuardFailed);
    }
}
