using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Tests.Pipeline;

/// <summary>Guards are skipped where a server's own rules say so, on record, and nowhere else.</summary>
public sealed class GuardSkippingTests
{
    private static GateCall Call(params string[] skipped)
        => GateFixture.Call("""{"a":"123-45-6789"}""") with
        {
            Context = new CallContext { At = DateTimeOffset.UnixEpoch, SkippedGuards = [.. skipped] },
        };

    private static GateFixture Fixture(ISkipRules? rules)
    {
        var fixture = new GateFixture { Skips = rules };
        fixture.Guard("Threats", GuardOrder.Threats, new Verdict.Deny("AG2001", "no", DenialKind.Invalid));
        fixture.Guard("Pii", GuardOrder.Pii, GateFixture.Replace("<SSN_1>"));
        return fixture;
    }

    [Fact]
    public async Task Without_rules_nothing_is_skipped_and_the_call_is_denied()
    {
        var fixture = Fixture(rules: null);
        var effect = new TestEffect(fixture.Events);

        var result = await fixture.Build().RunAsync(Call("Threats"), effect, default);

        Assert.Equal(Codes.GuardNotSkippable, Assert.IsType<GateResult.Denied>(result).Denial.Code);
        Assert.False(effect.Ran);
        Assert.Equal(["Denied"], fixture.Recorder.Kinds);
    }

    [Theory]
    [InlineData("Identity")]
    [InlineData("Admissibility")]
    [InlineData("Unread")]
    [InlineData("Tools")]
    [InlineData("threats")]
    [InlineData("*")]
    [InlineData("")]
    public async Task What_is_not_on_the_closed_list_is_never_skipped(string guard)
    {
        var fixture = Fixture(new Rules(null));
        var effect = new TestEffect(fixture.Events);

        var result = await fixture.Build().RunAsync(Call("Pii", guard), effect, default);

        Assert.Equal(Codes.GuardNotSkippable, Assert.IsType<GateResult.Denied>(result).Denial.Code);
        Assert.False(effect.Ran);
    }

    [Fact]
    public async Task What_the_rules_refuse_is_denied_and_not_guarded_silently()
    {
        var fixture = Fixture(new Rules("the caller is no visitor"));
        var effect = new TestEffect(fixture.Events);

        var result = await fixture.Build().RunAsync(Call("Pii"), effect, default);

        Assert.Equal(Codes.GuardNotSkippable, Assert.IsType<GateResult.Denied>(result).Denial.Code);
        Assert.DoesNotContain("Threats", fixture.Events);
    }

    [Fact]
    public async Task A_skipped_guard_is_not_asked_and_the_record_says_so()
    {
        var fixture = Fixture(new Rules(null));

        var result = await fixture.Build().RunAsync(Call("Threats"), new TestEffect(fixture.Events), default);

        Assert.IsType<GateResult.Completed>(result);
        Assert.DoesNotContain("Threats", fixture.Events);
        Assert.All(fixture.Recorder.Entries, e => Assert.Equal(["skipped", "transform"], e.Entry.Verdicts.Select(v => v.Answer)));
        Assert.Equal("skipped", fixture.Recorder.Entries[^1].Trace!.Verdicts[0].Answer);
        Assert.Contains("<SSN_1>", fixture.Recorder.Entries[^1].Trace!.Sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_personal_data_is_not_guarded_no_form_of_what_left_is_kept_nor_the_salt_to_guess_it_with()
    {
        var hub = new GateEventHub();
        var fixture = Fixture(new Rules(null));
        fixture.Told = hub;
        using var listener = hub.Listen(Call().Principal);
        var effect = new TestEffect(fixture.Events);

        await fixture.Build().RunAsync(Call("Threats", "Pii"), effect, default);

        Assert.Contains("123-45-6789", effect.Sent, StringComparison.Ordinal);
        var (entry, trace) = fixture.Recorder.Entries[^1];
        Assert.Null(trace!.Sent);
        Assert.Null(trace.Salt);
        Assert.Null(entry.RawBinding);
        var told = new List<string>();
        while (listener.Heard.TryRead(out var happened))
        {
            told.Add(happened.ToString());
        }

        Assert.DoesNotContain("6789", string.Join('\n', told.Append(trace.ToString()).Append(entry.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_skipped_guard_does_not_judge_the_answer_either()
    {
        var fixture = Fixture(new Rules(null));
        var guard = new Spoiler();
        fixture.Guards.Add(new GuardDescriptor("Budgets", GuardOrder.Budgets) { Response = guard });

        var result = await fixture.Build().RunAsync(Call("Threats", "Budgets"), new TestEffect(fixture.Events), default);

        Assert.IsType<GateResult.Completed>(result);
        Assert.Equal(0, guard.Asked);
        Assert.Contains(fixture.Recorder.Entries[^1].Entry.Verdicts, v => v is { Guard: "Budgets", Answer: "skipped" });
    }

    private sealed class Rules(string? refusal) : ISkipRules
    {
        public string? Refusal(GateCall call) => refusal;
    }

    private sealed class Spoiler : IResponseGuard
    {
        public int Asked { get; private set; }

        public ValueTask<Verdict> InspectAsync(ResponseContext context, CancellationToken cancellationToken)
        {
            Asked++;
            return ValueTask.FromResult<Verdict>(new Verdict.Deny("AG2001", "no", DenialKind.Invalid));
        }

        public IStreamGuard? OpenStream(ResponseContext context) => null;
    }
}
