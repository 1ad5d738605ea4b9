using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Tests.Pipeline;

namespace AgentGate.Tests.Approvals;

public sealed class ApprovalFlowTests
{
    private readonly ApprovalFixture _approvals = new();

    private static string CodeOf(GateResult result) => Assert.IsType<GateResult.Denied>(result).Denial.Code;

    [Fact]
    public async Task A_call_is_held_approved_and_goes_on_once_under_its_id()
    {
        var approval = await _approvals.HoldAsync();
        Assert.DoesNotContain("effect", _approvals.Gate.Events);
        Assert.Null(await _approvals.DecideAsync(approval));

        Assert.IsType<GateResult.Completed>(await _approvals.ResumeAsync(approval));

        Assert.Equal(["Held", "Approval", "Intent", "Outcome Completed"], _approvals.Gate.Recorder.Kinds);
        Assert.Equal(["call-1"], _approvals.Gate.Recorder.Entries.Select(entry => entry.Entry.CallId).Distinct());
        var act = _approvals.Gate.Recorder.Entries[1].Entry;
        Assert.Equal(("approval.decide", "approved", "user_boss"), (act.Action, act.Detail, act.Principal));
        Assert.Contains(approval, act.Statement, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approval_is_good_once()
    {
        var approval = await _approvals.HoldAsync();
        await _approvals.DecideAsync(approval);
        Assert.IsType<GateResult.Completed>(await _approvals.ResumeAsync(approval));

        Assert.Equal(Codes.ApprovalUsed, CodeOf(await _approvals.ResumeAsync(approval)));
        Assert.Equal(1, _approvals.Gate.Events.Count(one => one == "effect"));
    }

    [Theory]
    [InlineData("arguments")]
    [InlineData("tool")]
    [InlineData("principal")]
    [InlineData("grant")]
    [InlineData("door")]
    [InlineData("targets")]
    [InlineData("skipped")]
    public async Task Whatever_was_changed_needs_an_approval_of_its_own(string what)
    {
        var approval = await _approvals.HoldAsync();
        await _approvals.DecideAsync(approval);
        var call = ApprovalFixture.Call();
        call = what switch
        {
            "arguments" => ApprovalFixture.Call("""{"id":8}"""),
            "tool" => ApprovalFixture.Call(tool: "delete_all"),
            "principal" => call with { Principal = call.Principal with { Id = "other" } },
            "grant" => call with { Context = call.Context with { DelegationRef = "grant_1" } },
            "door" => call with { Door = "elsewhere" },
            "targets" => call with { Targets = [new EffectTarget("process", "elsewhere")] },
            _ => call with { Context = call.Context with { SkippedGuards = ["Pii"] } },
        };

        var code = CodeOf(await _approvals.ResumeAsync(approval, call));

        // A guard may be skipped by nobody here, which is asked first.
        Assert.Equal(what == "skipped" ? Codes.GuardNotSkippable : Codes.ApprovalDiffers, code);
        Assert.DoesNotContain("effect", _approvals.Gate.Events);
        Assert.IsType<GateResult.Completed>(await _approvals.ResumeAsync(approval));
    }

    [Fact]
    public async Task Another_tenant_knows_no_such_approval()
    {
        var approval = await _approvals.HoldAsync();
        await _approvals.DecideAsync(approval);
        var call = ApprovalFixture.Call();
        Assert.Equal(Codes.ApprovalNotFound, CodeOf(await _approvals.ResumeAsync(approval, call with { Principal = call.Principal with { Tenant = "t2" } })));
        Assert.Equal(Codes.ApprovalNotFound, (await _approvals.Here.Desk.DecideAsync("t2", approval, "user_boss", true, null, default)).Refused!.Code);
    }

    [Fact]
    public async Task What_nobody_approved_yet_does_not_go_on()
    {
        var approval = await _approvals.HoldAsync();
        Assert.Equal(Codes.ApprovalRequired, CodeOf(await _approvals.ResumeAsync(approval)));
        await _approvals.DecideAsync(approval, approves: false);
        Assert.Equal(Codes.ApprovalRefused, CodeOf(await _approvals.ResumeAsync(approval)));
        Assert.DoesNotContain("effect", _approvals.Gate.Events);
    }

    [Fact]
    public async Task It_is_decided_once_and_never_by_who_asks()
    {
        var approval = await _approvals.HoldAsync();
        Assert.Equal(Codes.ApprovalOwn, (await _approvals.DecideAsync(approval, by: "agent"))!.Code);
        Assert.Null(await _approvals.DecideAsync(approval, approves: false));
        Assert.Equal(Codes.ApprovalDecided, (await _approvals.DecideAsync(approval, by: "user_other"))!.Code);
    }

    [Fact]
    public async Task As_many_people_as_are_needed_approve_and_none_of_them_twice()
    {
        _approvals.Options.Rules[0].Approvers = 2;
        var approval = await _approvals.HoldAsync();
        Assert.Null(await _approvals.DecideAsync(approval));
        Assert.Equal(Codes.ApprovalDecided, (await _approvals.DecideAsync(approval))!.Code);
        Assert.Equal(Codes.ApprovalRequired, CodeOf(await _approvals.ResumeAsync(approval)));
        Assert.Null(await _approvals.DecideAsync(approval, by: "user_second"));

        Assert.IsType<GateResult.Completed>(await _approvals.ResumeAsync(approval));
    }

    [Fact]
    public async Task What_nobody_decides_in_time_is_denied_and_on_record_as_such()
    {
        var approval = await _approvals.HoldAsync();
        _approvals.Pass(TimeSpan.FromHours(1));
        await _approvals.Here.Upkeep.SweepAsync(default);
        await _approvals.Here.Upkeep.SweepAsync(default);

        var lapse = Assert.Single(_approvals.Gate.Recorder.Entries, entry => entry.Entry.Kind == EntryKind.Approval).Entry;
        Assert.Equal(("approval.lapse", "expired", null), (lapse.Action, lapse.Detail, lapse.Principal));
        Assert.Equal(Codes.ApprovalDecided, (await _approvals.DecideAsync(approval))!.Code);
        Assert.Equal(Codes.ApprovalExpired, CodeOf(await _approvals.ResumeAsync(approval)));
    }

    [Fact]
    public async Task An_approval_that_is_not_used_in_time_is_worth_nothing()
    {
        var approval = await _approvals.HoldAsync();
        await _approvals.DecideAsync(approval);
        _approvals.Pass(TimeSpan.FromHours(1));
        Assert.Equal(Codes.ApprovalExpired, CodeOf(await _approvals.ResumeAsync(approval)));
    }

    [Fact]
    public async Task The_same_call_waits_once_however_often_it_is_sent()
    {
        var approval = await _approvals.HoldAsync();
        Assert.Equal(approval, await _approvals.HoldAsync(ApprovalFixture.Call(id: "call-2")));
        Assert.NotEqual(approval, await _approvals.HoldAsync(ApprovalFixture.Call("""{"id":8}""", id: "call-3")));
        await _approvals.DecideAsync(approval);

        Assert.IsType<GateResult.Completed>(await _approvals.ResumeAsync(approval, ApprovalFixture.Call(id: "call-2")));
        Assert.NotEqual(approval, await _approvals.HoldAsync());
    }

    [Fact]
    public async Task Too_many_calls_of_one_principal_do_not_wait()
    {
        _approvals.Options.OpenMax = 1;
        await _approvals.HoldAsync();
        Assert.Equal(Codes.ApprovalsTooMany, CodeOf(await _approvals.Gate.Build().RunAsync(ApprovalFixture.Call("""{"id":8}""", id: "call-2"), _approvals.Effect(), default)));
    }

    [Fact]
    public async Task Who_waits_goes_on_when_a_person_approves_in_another_process()
    {
        var other = _approvals.Process();
        var running = _approvals.Gate.Build().RunAsync(ApprovalFixture.Call() with { HoldWait = TimeSpan.FromMinutes(5) }, _approvals.Effect(), default).AsTask();
        var approval = Assert.Single((await _approvals.Store.ListAsync("t1", new(), default)).Approvals).Id;
        await _approvals.DecideAsync(approval, at: other);
        Assert.False(running.IsCompleted);

        // What the store tells of its changes.
        await _approvals.Here.Signals.ReloadAsync(default);
        Assert.IsType<GateResult.Completed>(await running.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Who_waits_too_long_gets_the_handle_and_resumes_by_it()
    {
        var running = _approvals.Gate.Build().RunAsync(ApprovalFixture.Call() with { HoldWait = TimeSpan.FromSeconds(30) }, _approvals.Effect(), default).AsTask();
        _approvals.Pass(TimeSpan.FromSeconds(30));
        var held = Assert.IsType<GateResult.Denied>(await running.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(DenialKind.Held, held.Denial.Kind);

        await _approvals.DecideAsync(held.Denial.ApprovalId!);
        Assert.IsType<GateResult.Completed>(await _approvals.ResumeAsync(held.Denial.ApprovalId!));
    }

    [Fact]
    public async Task Who_waits_is_told_at_once_that_a_person_refused()
    {
        var running = _approvals.Gate.Build().RunAsync(ApprovalFixture.Call() with { HoldWait = TimeSpan.FromMinutes(5) }, _approvals.Effect(), default).AsTask();
        await _approvals.DecideAsync(Assert.Single((await _approvals.Store.ListAsync("t1", new(), default)).Approvals).Id, approves: false);
        Assert.Equal(Codes.ApprovalRefused, CodeOf(await running.WaitAsync(TimeSpan.FromSeconds(10))));
    }

    [Fact]
    public async Task Guards_that_count_count_a_held_call_once_and_the_others_judge_it_again()
    {
        _approvals.Gate.Guard("Counts", GuardOrder.Limits, Verdict.Allowed);
        _approvals.Gate.Change(1, guard => guard with { CountsOnce = true });
        _approvals.Gate.Guard("Judges", GuardOrder.Admissibility, Verdict.Allowed);
        var approval = await _approvals.HoldAsync();
        await _approvals.DecideAsync(approval);
        await _approvals.ResumeAsync(approval);

        Assert.Equal(1, _approvals.Gate.Events.Count(one => one == "Counts"));
        Assert.Equal(2, _approvals.Gate.Events.Count(one => one == "Judges"));
        Assert.Contains(_approvals.Gate.Recorder.Entries[^1].Entry.Verdicts, verdict => verdict is { Guard: "Counts", Answer: "counted" });
    }

    [Fact]
    public async Task A_person_who_approved_does_not_overrule_what_forbids_the_call_since()
    {
        var forbids = false;
        _approvals.Gate.Guard("Policy", GuardOrder.Admissibility, (_, _) => ValueTask.FromResult(
            forbids ? new Verdict.Deny("AG1202", "no", DenialKind.Forbidden) : Verdict.Allowed));
        var approval = await _approvals.HoldAsync();
        await _approvals.DecideAsync(approval);
        forbids = true;

        Assert.Equal("AG1202", CodeOf(await _approvals.ResumeAsync(approval)));
        Assert.DoesNotContain("effect", _approvals.Gate.Events);
    }

    [Fact]
    public async Task A_demand_that_no_guard_holds_is_denied()
    {
        var gate = new GateFixture();
        gate.Guard("Policy", GuardOrder.Admissibility, (context, _) =>
        {
            context.Scope.Set(new ApprovalDemand(context.Call.Id, Codes.ApprovalRequired, "A person must decide."));
            return ValueTask.FromResult(Verdict.Allowed);
        });
        Assert.Equal(Codes.ApprovalRequired, CodeOf(await gate.RunAsync(new TestEffect(gate.Events))));
        Assert.Equal(["Policy", "Denied"], gate.Events);
    }

    [Fact]
    public async Task A_demand_in_shadow_holds_nothing_and_takes_back_no_other()
    {
        _approvals.Options.Rules.Clear();
        var gate = _approvals.Gate;
        Demand("Shadow", GuardOrder.Admissibility);
        gate.Change(1, guard => guard with { Shadow = true });
        Assert.IsType<GateResult.Completed>(await gate.Build().RunAsync(ApprovalFixture.Call(), _approvals.Effect(), default));

        Demand("Enforced", GuardOrder.Admissibility - 1);
        await _approvals.HoldAsync();

        void Demand(string name, int order) => gate.Guard(name, order, (context, _) =>
        {
            context.Scope.Set(new ApprovalDemand(context.Call.Id, Codes.ApprovalRequired, name));
            return ValueTask.FromResult(Verdict.Allowed);
        });
    }

    [Fact]
    public async Task An_act_that_cannot_be_put_on_record_counts_for_nothing_until_it_is()
    {
        var approval = await _approvals.HoldAsync();
        _approvals.Gate.Recorder.Before = _ => throw new IOException("gone");
        await _approvals.DecideAsync(approval);
        _approvals.Gate.Recorder.Before = null;
        Assert.Equal(Codes.ApprovalRequired, CodeOf(await _approvals.ResumeAsync(approval)));

        _approvals.Pass(TimeSpan.FromSeconds(10));
        await _approvals.Process().Upkeep.SweepAsync(default);
        Assert.IsType<GateResult.Completed>(await _approvals.ResumeAsync(approval));
    }
}
