using System.Collections.Immutable;
using AgentGate.Dashboard.Playground;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Integration.Tests.Playground;

/// <summary>What the page makes of what it is told.</summary>
public sealed class ViewTests
{
    private static readonly PlaygroundGuard[] s_guards = [new("Identity", false), new("Threats", true), new("Pii", true)];

    private static PlaygroundEvent.Gate Told(GateFact fact, string call = "c1", string? parent = null)
        => new PlaygroundEvent.Gate(new GateEvent("t", "p", call, parent, default, fact));

    private static PlaygroundEvent.Gate Judged(string guard, string answer, string? code = null, params ImmutableArray<Finding> findings)
        => Told(new GateFact.Judged(new VerdictRecord(guard, answer, code, false, false, findings, TimeSpan.FromMicroseconds(7)), false));

    private static CallView View(params PlaygroundEvent[] events)
    {
        var view = new CallView("My SSN is 123-45-6789", s_guards);
        foreach (var happened in events)
        {
            view.Apply(happened);
        }

        view.Done();
        return view;
    }

    [Fact]
    public void Guards_that_were_not_reached_are_shown_as_such()
    {
        var view = View(Judged("Identity", "allow"), Judged("Threats", "deny", "AG2001"), Told(new GateFact.Decided(DecisionKind.Deny, null)));

        Assert.Equal(["allow", "deny", "not reached"], view.Rows.Select(row => row.Answer));
        Assert.Equal(DecisionKind.Deny, view.Decision);
    }

    [Fact]
    public void Events_of_another_call_are_not_taken_in()
    {
        var view = View(Judged("Identity", "allow"), Told(new GateFact.Decided(DecisionKind.Deny, null), call: "c2"));

        Assert.Null(view.Decision);
    }

    [Fact]
    public void What_is_exposed_is_read_off_both_calls()
    {
        var gated = View(Judged("Pii", "transform", null, new Finding("SSN", "/messages/0/content", 2)));
        var denied = View(Judged("Threats", "deny", "AG2001"));
        var open = View(new PlaygroundEvent.Received("""{"messages":[{"content":"My SSN is 123-45-6789"}]}"""));

        Assert.Equal("The provider reads 2 values of the kind SSN as typed.", Assert.Single(Exposure.Of(gated, open)));
        Assert.Contains("Threats refuses it (AG2001)", Assert.Single(Exposure.Of(denied, open)), StringComparison.Ordinal);
        Assert.Empty(Exposure.Of(View(), open));
        Assert.Empty(Exposure.Of(gated, View()));
    }

    [Theory]
    [InlineData("My SSN is 123-45-6789, ok", "My SSN is <SSN_1>, ok", "123-45-6789")]
    [InlineData("a@b.example and c@d.example", "<EMAIL_1> and <EMAIL_2>", "a@b.example|c@d.example")]
    [InlineData("nothing", "nothing", "")]
    [InlineData("other text", "My SSN is <SSN_1>", "")]
    [InlineData("a < b > c", "a < b > c", "")]
    public void The_values_that_tokens_stand_for_are_marked(string raw, string masked, string marked)
    {
        var parts = Exposure.Raw(raw, masked);

        Assert.Equal(raw, string.Concat(parts.Select(part => part.Text)));
        Assert.Equal(marked, string.Join('|', parts.Where(part => part.IsMarked).Select(part => part.Text)));
    }

    [Fact]
    public void The_limit_with_the_least_left_is_shown()
    {
        var limit = RateLimit.Read("\"model-calls\";r=19;t=42, \"playground\";r=3;t=7", "\"model-calls\";q=20;w=60, \"playground\";q=20;w=60");

        Assert.Equal(new RateLimit("playground", 3, 7, 20), limit);
        Assert.Null(RateLimit.Read(null, null));
        Assert.Null(RateLimit.Read("nonsense", ";;,="));
    }
}
