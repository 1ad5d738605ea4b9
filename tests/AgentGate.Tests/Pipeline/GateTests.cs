using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Tests.Pipeline;

public sealed class GateTests
{
    private readonly GateFixture _gate = new();

    private static Denial DenialOf(GateResult result) => Assert.IsType<GateResult.Denied>(result).Denial;

    [Fact]
    public async Task Guards_run_in_their_order_and_intent_and_outcome_stand_directly_around_the_effect()
    {
        _gate.Guard("late", 30, Verdict.Allowed);
        _gate.Guard("early", 10, Verdict.Allowed);
        _gate.Guard("middle", 20, Verdict.Allowed);

        Assert.IsType<GateResult.Completed>(await _gate.RunAsync(new TestEffect(_gate.Events)));

        Assert.Equal(["early", "middle", "late", "Intent", "effect", "Outcome"], _gate.Events);
        Assert.Equal(["Intent", "Outcome Completed"], _gate.Recorder.Kinds);
    }

    [Fact]
    public async Task A_transform_feeds_the_next_guard_and_the_effect()
    {
        var seen = "";
        _gate.Guard("first", 1, GateFixture.Replace("masked"));
        _gate.Guard("second", 2, (context, _) =>
        {
            seen = GateFixture.Utf8(context.Call.Content);
            return ValueTask.FromResult(Verdict.Allowed);
        });
        var effect = new TestEffect(_gate.Events);

        await _gate.RunAsync(effect);

        Assert.Equal("""{"a":"masked"}""", seen);
        Assert.Equal(seen, effect.Sent);
    }

    [Theory]
    [InlineData(false, "Denied")]
    [InlineData(true, "Held")]
    public async Task Deny_and_hold_end_the_chain_and_leave_one_entry(bool hold, string kind)
    {
        _gate.Guard("no", 1, hold ? new Verdict.Hold("AG0001", "wait") : new Verdict.Deny("AG0001", "no", DenialKind.Forbidden));
        _gate.Guard("never", 2, Verdict.Allowed);

        var denial = DenialOf(await _gate.RunAsync(new TestEffect(_gate.Events)));

        Assert.Equal("AG0001", denial.Code);
        Assert.Equal(["no", kind], _gate.Events);
        Assert.NotNull(Assert.Single(_gate.Recorder.Entries).Trace);
    }

    [Fact]
    public async Task A_verdict_in_shadow_is_recorded_and_not_enforced()
    {
        _gate.Guard("shadow", 1, new Verdict.Deny("AG0001", "no", DenialKind.Forbidden));
        _gate.Change(0, guard => guard with { Shadow = true });

        Assert.IsType<GateResult.Completed>(await _gate.RunAsync(new TestEffect(_gate.Events)));

        var verdict = Assert.Single(_gate.Recorder.Entries[0].Entry.Verdicts);
        Assert.Equal(("deny", "AG0001", true), (verdict.Answer, verdict.Code, verdict.Shadow));
    }

    public static TheoryData<string, string> Failures => new()
    {
        { "throws", Codes.GuardFailed },
        { "throws later", Codes.GuardFailed },
        { "hangs", Codes.GuardTimedOut },
        { "answers nothing", Codes.GuardAnsweredNonsense },
        { "changes a segment that is not there", Codes.GuardAnsweredNonsense },
        { "changes to nothing", Codes.GuardAnsweredNonsense },
        { "changes to half a character", Codes.GuardAnsweredNonsense },
        { "names no changes", Codes.GuardAnsweredNonsense },
        { "removes a tool that is not there", Codes.GuardAnsweredNonsense },
        { "answers a verdict of its own", Codes.GuardFailed },
    };

    private static ValueTask<Verdict> Fail(string how) => how switch
    {
        "throws" => throw new InvalidOperationException("secret 123-45-6789"),
        "throws later" => ValueTask.FromException<Verdict>(new InvalidOperationException()),
        "hangs" => new ValueTask<Verdict>(new TaskCompletionSource<Verdict>().Task),
        "answers nothing" => ValueTask.FromResult<Verdict>(null!),
        "changes a segment that is not there" => ValueTask.FromResult(GateFixture.Replace("x", 99)),
        "changes to nothing" => ValueTask.FromResult(GateFixture.Replace(null!)),
        "changes to half a character" => ValueTask.FromResult(GateFixture.Replace("a\ud83d")),
        "names no changes" => ValueTask.FromResult<Verdict>(new Verdict.Transform(default)),
        "removes a tool that is not there" => ValueTask.FromResult<Verdict>(new Verdict.Transform([new ContentChange.RemoveTool("none")])),
        _ => ValueTask.FromResult<Verdict>(new Foreign(Verdict.Allowed)),
    };

    /// <summary>A record's copy constructor is protected, so the closed set can be opened by whoever insists.</summary>
    private sealed record Foreign : Verdict
    {
        public Foreign(Verdict like)
            : base(like)
        {
        }
    }

    [Theory, MemberData(nameof(Failures))]
    public async Task A_guard_that_fails_closes_the_gate(string how, string code)
    {
        _gate.Guard("broken", 1, (_, _) => Fail(how));
        var effect = new TestEffect(_gate.Events);

        var running = _gate.RunAsync(effect).AsTask();
        _gate.Time.Advance(TimeSpan.FromSeconds(2));
        var denial = DenialOf(await running);

        Assert.Equal((code, DenialKind.Unavailable), (denial.Code, denial.Kind));
        Assert.DoesNotContain("123-45-6789", denial.Reason, StringComparison.Ordinal);
        Assert.False(effect.Ran);
        Assert.Equal(["Denied"], _gate.Recorder.Kinds);
        Assert.Equal("failed", Assert.Single(_gate.Recorder.Entries[0].Entry.Verdicts).Answer);
    }

    [Theory, MemberData(nameof(Failures))]
    public async Task Only_an_explicit_option_lets_a_call_past_a_failed_guard_and_the_record_says_so(string how, string code)
    {
        _gate.Guard("broken", 1, (_, _) => Fail(how));
        _gate.Change(0, guard => guard with { FailOpen = true });
        var effect = new TestEffect(_gate.Events);

        var running = _gate.RunAsync(effect).AsTask();
        _gate.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.IsType<GateResult.Completed>(await running);

        var verdict = Assert.Single(_gate.Recorder.Entries[0].Entry.Verdicts);
        Assert.Equal(("failed", code, true), (verdict.Answer, verdict.Code, verdict.FailedOpen));
        Assert.Equal("""{"a":"hello"}""", effect.Sent);
    }

    [Fact]
    public async Task A_guard_with_a_million_findings_leaves_a_bounded_record()
    {
        _gate.Guard("wordy", 1, Verdict.Allowed with { Findings = [.. Enumerable.Repeat(new Finding("x"), 100_000)] });

        await _gate.RunAsync(new TestEffect(_gate.Events));

        var findings = _gate.Recorder.Entries[0].Entry.Verdicts[0].Findings;
        Assert.True(findings.Length < 1000);
        Assert.Equal(100_000, findings.Sum(finding => finding.Count));
    }

    [Fact]
    public async Task A_permit_is_good_once()
    {
        Exception? second = null;
        await _gate.RunAsync(new TestEffect(_gate.Events, (permit, _) =>
        {
            permit.Use();
            second = Record.Exception(() => permit.Use());
            permit.RecordTransport("{\"a\":\"hello\"}"u8);
            return ValueTask.FromResult<EffectResult>(new EffectResult.Complete(GateFixture.Json("{}")));
        }));

        Assert.Contains(Codes.PermitMisused, Assert.IsType<InvalidOperationException>(second).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false, Codes.PermitMisused)]
    [InlineData(true, false, Codes.PermitMisused)]
    [InlineData(true, true, Codes.TransportDiffers)]
    public async Task What_left_must_be_what_was_judged(bool uses, bool recordsOther, string code)
    {
        var result = await _gate.RunAsync(new TestEffect(_gate.Events, (permit, _) =>
        {
            if (uses)
            {
                permit.Use();
            }

            if (recordsOther)
            {
                permit.RecordTransport("something else"u8);
            }

            return ValueTask.FromResult<EffectResult>(new EffectResult.Complete(GateFixture.Json("{}")));
        }));

        Assert.Equal(code, Assert.IsType<GateResult.Failed>(result).Denial.Code);
        Assert.Equal(["Intent", "Outcome Failed"], _gate.Recorder.Kinds);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_effect_that_throws_or_answers_nothing_leaves_one_failed_outcome(bool throws)
    {
        var result = await _gate.RunAsync(new TestEffect(
            _gate.Events, (_, _) => throws ? throw new IOException("boom") : ValueTask.FromResult<EffectResult>(null!)));

        Assert.Equal(Codes.EffectFailed, Assert.IsType<GateResult.Failed>(result).Denial.Code);
        Assert.Equal(["Intent", "Outcome Failed"], _gate.Recorder.Kinds);
    }

    [Fact]
    public async Task A_cancelled_effect_leaves_one_cancelled_outcome()
    {
        using var cancel = new CancellationTokenSource();
        var effect = new TestEffect(_gate.Events, async (_, token) =>
        {
            await cancel.CancelAsync();
            token.ThrowIfCancellationRequested();
            return null!;
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _gate.RunAsync(effect, cancellationToken: cancel.Token));

        Assert.Equal(["Intent", "Outcome Cancelled"], _gate.Recorder.Kinds);
    }

    [Theory]
    [InlineData(EntryKind.Intent, false, Codes.IntentNotRecorded)]
    [InlineData(EntryKind.Intent, true, Codes.IntentNotRecorded)]
    [InlineData(EntryKind.Outcome, false, Codes.OutcomeNotRecorded)]
    [InlineData(EntryKind.Outcome, true, Codes.OutcomeNotRecorded)]
    [InlineData(EntryKind.Denied, false, Codes.DecisionNotRecorded)]
    public async Task Without_a_record_there_is_no_effect_and_no_answer(EntryKind kind, bool hangs, string code)
    {
        if (kind == EntryKind.Denied)
        {
            _gate.Guard("no", 1, new Verdict.Deny("AG0001", "no", DenialKind.Forbidden));
        }

        _gate.Recorder.Before = entry => entry.Kind != kind ? Task.CompletedTask
            : hangs ? new TaskCompletionSource().Task : throw new IOException("disk full");
        var effect = new TestEffect(_gate.Events);

        var running = _gate.RunAsync(effect).AsTask();
        _gate.Time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(code, DenialOf(await running).Code);
        Assert.Equal(kind == EntryKind.Outcome, effect.Ran);
    }

    [Fact]
    public async Task An_error_document_is_withheld_when_its_outcome_is_not_on_record()
    {
        _gate.Recorder.Before = entry => entry.Kind == EntryKind.Outcome ? throw new IOException("disk full") : Task.CompletedTask;
        TestEffect effect = null!;
        effect = new TestEffect(_gate.Events, (permit, _) => effect.Proper(permit, new EffectResult.Failed(
            new Denial("AG5011", "refused", DenialKind.Upstream)) { Content = GateFixture.Json("""{"error":"x"}""") }));

        var failed = Assert.IsType<GateResult.Failed>(await _gate.RunAsync(effect));

        Assert.Null(failed.Content);
        Assert.Equal(Codes.OutcomeNotRecorded, failed.Denial.Code);
    }

    [Fact]
    public async Task An_intent_stored_after_its_deadline_is_closed_because_its_effect_never_ran()
    {
        var stored = new TaskCompletionSource();
        _gate.Recorder.Before = entry => entry.Kind == EntryKind.Intent ? stored.Task : Task.CompletedTask;
        var effect = new TestEffect(_gate.Events);

        var running = _gate.RunAsync(effect).AsTask();
        _gate.Time.Advance(TimeSpan.FromSeconds(6));
        await running;
        stored.SetResult();
        for (var i = 0; i < 1000 && _gate.Recorder.Entries.Count < 2; i++)
        {
            await Task.Yield();
        }

        Assert.False(effect.Ran);
        Assert.Equal(["Intent", "Outcome Failed"], _gate.Recorder.Kinds);
    }

    [Fact]
    public async Task A_guard_that_works_past_its_deadline_on_the_callers_thread_is_too_late()
    {
        _gate.Guard("Slow", GuardOrder.Threats, (_, _) =>
        {
            _gate.Time.Advance(TimeSpan.FromSeconds(3));
            return ValueTask.FromResult(Verdict.Allowed);
        });
        var effect = new TestEffect(_gate.Events);

        var denied = Assert.IsType<GateResult.Denied>(await _gate.RunAsync(effect));

        Assert.Equal(Codes.GuardTimedOut, denied.Denial.Code);
        Assert.False(effect.Ran);
    }

    [Fact]
    public async Task A_name_that_must_not_stand_in_a_record_is_denied_and_withheld_whatever_door_it_came_through()
    {
        _gate.Names = new Screen();
        var effect = new TestEffect(_gate.Events);

        var denied = Assert.IsType<GateResult.Denied>(await _gate.Build().RunAsync(
            GateFixture.Call("{}") with { Resource = EntityRef.Tool("mail_jane@example.com") }, effect, default));

        Assert.Equal(Codes.NameHoldsValues, denied.Denial.Code);
        Assert.False(effect.Ran);
        var (entry, trace) = Assert.Single(_gate.Recorder.Entries);
        Assert.DoesNotContain("jane", entry.Resource!.Value.Id + trace!.Resource.Id, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpt-4\0")]
    [InlineData("a\u0001b")]
    [InlineData("a\u0085b")]
    [InlineData("a\ud800b")]
    public async Task A_name_with_characters_that_no_name_has_is_denied_and_withheld_because_stores_and_readers_stumble_over_it(string name)
    {
        foreach (var call in (GateCall[])
            [GateFixture.Call("{}") with { Resource = EntityRef.Tool(name) }, GateFixture.Call("{}") with { AlsoRequires = [new ResourceRequest(GateActions.CallTool, EntityRef.Tool(name))] }])
        {
            var effect = new TestEffect(_gate.Events);
            var denied = Assert.IsType<GateResult.Denied>(await _gate.Build().RunAsync(call, effect, default));
            Assert.Equal(Codes.NameHoldsValues, denied.Denial.Code);
            Assert.False(effect.Ran);
        }
    }

    [Theory]
    [InlineData(1024, 0, 0, false)]
    [InlineData(1025, 0, 0, true)]
    [InlineData(10, 1, 1025, true)]
    [InlineData(10, 7, 1024, false)]
    [InlineData(10, 8, 1024, true)]
    [InlineData(10, 100_000, 1, true)]
    public async Task Names_that_would_make_an_entry_too_long_to_be_read_by_others_are_denied_and_withheld(int main, int others, int length, bool isDenied)
    {
        var effect = new TestEffect(_gate.Events);

        var result = await _gate.Build().RunAsync(
            GateFixture.Call("{}") with
            {
                Resource = EntityRef.Tool(new string('\u20AC', main)),
                AlsoRequires = [.. Enumerable.Range(0, others).Select(_ => new ResourceRequest(GateActions.CallTool, EntityRef.Tool(new string('\u20AC', length))))],
            },
            effect,
            default);

        Assert.Equal(isDenied, result is GateResult.Denied { Denial.Code: Codes.NameHoldsValues });
        Assert.Equal(!isDenied, effect.Ran);
        foreach (var (entry, _) in _gate.Recorder.Entries)
        {
            var output = new ArrayBufferWriter<byte>();
            LogChain.Append(output, entry, ChainHead.Genesis, new LogKey("chain", new byte[LogKey.MinLength]));
            Assert.True(output.WrittenCount <= ushort.MaxValue, $"The entry has {output.WrittenCount} bytes.");
        }
    }

    private sealed class Screen : INameScreen
    {
        public bool MayGoOnRecord(string name) => !name.Contains('@', StringComparison.Ordinal);
    }

    private sealed class BrokenBinding : IRawBinding
    {
        public string? Bind(CallScope scope, CallContent raw) => throw new CryptographicException();
    }

    [Fact]
    public async Task A_content_that_cannot_be_bound_is_denied_and_the_denial_is_on_record()
    {
        _gate.Binding = new BrokenBinding();
        var effect = new TestEffect(_gate.Events);

        Assert.Equal(Codes.IntentNotRecorded, DenialOf(await _gate.RunAsync(effect)).Code);

        Assert.False(effect.Ran);
        Assert.Equal(["Denied"], _gate.Recorder.Kinds);
    }

    [Fact]
    public async Task No_digest_on_record_is_one_of_raw_content()
    {
        _gate.Guard("mask", 1, GateFixture.Replace("<SSN_1>"));
        const string raw = """{"a":"123-45-6789"}""";
        const string masked = """{"a":"<SSN_1>"}""";

        await _gate.RunAsync(new TestEffect(_gate.Events), raw);

        var salt = Convert.FromHexString(_gate.Recorder.Entries[1].Trace!.Salt!);
        foreach (var (entry, _) in _gate.Recorder.Entries)
        {
            Assert.Equal(Digest([.. salt, .. Encoding.UTF8.GetBytes(masked)]), entry.ContentDigest);
            string[] digests = [entry.ContentDigest!, entry.TransportDigest ?? "", entry.ResponseDigest ?? ""];
            Assert.DoesNotContain(Digest(Encoding.UTF8.GetBytes(raw)), digests);
            Assert.DoesNotContain(Digest([.. salt, .. Encoding.UTF8.GetBytes(raw)]), digests);
            Assert.DoesNotContain(Digest(Encoding.UTF8.GetBytes("123-45-6789")), digests);
        }
    }

    [Fact]
    public async Task A_released_value_leaves_no_digest_of_itself()
    {
        _gate.Guard("restore", 1, (context, _) =>
        {
            context.Scope.Set(new TraceContent(context.Call.Id, context.Call.Content));
            return ValueTask.FromResult(GateFixture.Replace("123-45-6789"));
        });
        var effect = new TestEffect(_gate.Events);

        await _gate.RunAsync(effect, """{"a":"<SSN_1>"}""");

        var (entry, trace) = _gate.Recorder.Entries[1];
        byte[] salted = [.. Convert.FromHexString(trace!.Salt!), .. Encoding.UTF8.GetBytes("""{"a":"123-45-6789"}""")];
        Assert.Contains("123-45-6789", effect.Sent!, StringComparison.Ordinal);
        Assert.DoesNotContain(Digest(salted), new[] { entry.ContentDigest, entry.TransportDigest });
        Assert.DoesNotContain("123-45-6789", trace.Sent!, StringComparison.Ordinal);
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    [Fact]
    public void Of_a_call_with_thousands_of_verdicts_so_many_are_kept_as_a_certificate_holds_and_what_ends_it()
    {
        var run = new GateRun(GateFixture.Call("{}"), new byte[32], 0, null);

        for (var i = 0; i < 3_000; i++)
        {
            run.Judged(new VerdictRecord("g", i == 2_000 ? "deny" : "allow", i == 2_000 ? "AG1202" : null, false, false, [], TimeSpan.Zero));
        }

        Assert.Equal(1_000, run.Verdicts.Count);
        Assert.Equal("AG1202", run.Verdicts[^1].Code);
    }
}
