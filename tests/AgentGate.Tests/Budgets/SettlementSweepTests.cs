using System.Collections.Immutable;
using AgentGate.Budgets;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Tests.Pipeline;

namespace AgentGate.Tests.Budgets;

/// <summary>Every way out of the gate: the reservation is settled once, and the record says what was charged.</summary>
public sealed class SettlementSweepTests
{
    private static readonly Verdict Refused = new Verdict.Deny("AG0", "No.", DenialKind.Forbidden);

    public static TheoryData<string, string> Endings => new()
    {
        { "completed", "used" },
        { "completed without usage", "estimated" },
        { "denied by a later guard", "nothing" },
        { "a later guard throws", "nothing" },
        { "held by a later guard", "nothing" },
        { "the caller leaves in a later guard", "nothing" },
        { "the caller leaves before the intent", "nothing" },
        { "the intent is not recorded", "nothing" },
        { "the binding fails", "nothing" },
        { "the denial is not recorded", "nothing" },
        { "the effect throws", "reservation" },
        { "the effect throws before it takes its content", "nothing" },
        { "the effect answers null", "nothing" },
        { "the effect is cancelled", "reservation" },
        { "the provider refuses", "nothing" },
        { "the provider fails", "reservation" },
        { "other bytes left", "reservation" },
        { "a response guard blocks", "used" },
        { "a response guard throws", "used" },
        { "the outcome is not recorded", "used" },
        { "a stream completes", "used" },
        { "a stream is abandoned", "reservation" },
        { "a stream breaks", "reservation" },
        { "a stream ends early", "reservation" },
        { "a stream is blocked", "reservation" },
        { "a stream cannot be opened", "reservation" },
        { "the outcome of a stream is not recorded", "used" },
    };

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task However_a_call_ends_its_reservation_is_settled(string ending, string expected)
    {
        var budgets = new BudgetFixture().Price().Rule(1m);
        var gate = new GateFixture();
        gate.Guards.Add(budgets.Guard);
        using var caller = new CancellationTokenSource();
        var effect = Arrange(ending, gate, caller);
        var reserved = 0m;
        gate.Guard("watch", GuardOrder.Budgets + 1, (context, _) =>
        {
            reserved = budgets.State().ReservedUsd;
            return new(Verdict.Allowed);
        });

        try
        {
            var result = await gate.Build().RunAsync(BudgetFixture.Chat("""{"messages":["hello"]}"""), effect, caller.Token);
            if (result is GateResult.Streaming { Stream: var stream })
            {
                await using (stream)
                {
                    while (ending != "a stream is abandoned" && await stream.ReadAsync(caller.Token) is StreamStep.Frame)
                    {
                    }
                }
            }
        }
        catch (OperationCanceledException) when (caller.IsCancellationRequested)
        {
        }

        var state = budgets.State();
        Assert.True(reserved > 0);
        Assert.Equal(0m, state.ReservedUsd);
        switch (expected)
        {
            case "nothing":
                Assert.Equal(0m, state.SpentUsd);
                break;
            case "used":
                Assert.Equal(0.000_015m, state.SpentUsd);
                break;
            case "reservation":
                Assert.Equal(reserved, state.SpentUsd);
                break;
            default:
                Assert.InRange(state.SpentUsd, 0.000_000_001m, reserved);
                break;
        }

        // INVARIANT: where an intent stands, its outcome charges exactly what the counter was charged.
        var entries = gate.Recorder.Entries.Select(e => e.Entry).ToList();
        if (entries.Any(entry => entry.Kind == EntryKind.Intent) && entries.SingleOrDefault(entry => entry.Kind == EntryKind.Outcome) is { } outcome)
        {
            Assert.Equal(reserved, NanoUsd.ToUsd(Assert.Single(entries.First(entry => entry.Kind == EntryKind.Intent).Budgets).NanoUsd));
            Assert.Equal(state.SpentUsd, NanoUsd.ToUsd(Assert.Single(outcome.Budgets).NanoUsd));
        }
    }

    [Fact]
    public async Task An_intent_that_is_stored_too_late_is_followed_by_an_outcome_that_charges_nothing()
    {
        var budgets = new BudgetFixture().Price().Rule(1m);
        var gate = new GateFixture();
        gate.Guards.Add(budgets.Guard);
        var late = new TaskCompletionSource();
        gate.Recorder.Before = entry => entry.Kind == EntryKind.Intent ? late.Task : Task.CompletedTask;

        var running = gate.Build().RunAsync(BudgetFixture.Chat("""{"messages":["hello"]}"""), new TestEffect(gate.Events), default).AsTask();
        gate.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.IsType<GateResult.Denied>(await running);
        Assert.Equal((0m, 0m), (budgets.State().SpentUsd, budgets.State().ReservedUsd));
        late.SetResult();
        SpinWait.SpinUntil(() => gate.Recorder.Entries.Count == 2, TimeSpan.FromSeconds(10));

        Assert.Equal(0, Assert.Single(gate.Recorder.Entries[1].Entry.Budgets).NanoUsd);
    }

    [Fact]
    public async Task A_child_call_does_not_settle_its_parent_s_reservation()
    {
        var budgets = new BudgetFixture().Price().Rule(1m);
        var gate = new GateFixture();
        gate.Guards.Add(budgets.Guard);
        var (_, parent) = budgets.Inspect(BudgetFixture.Chat("""{"messages":["hello"]}"""));
        var reserved = budgets.State().ReservedUsd;

        await gate.Build().RunAsync(
            BudgetFixture.Chat("{}") with { Action = GateActions.CallTool, ParentScope = parent }, new TestEffect(gate.Events), default);

        Assert.Equal((0m, reserved), (budgets.State().SpentUsd, budgets.State().ReservedUsd));
    }

    private static TestEffect Arrange(string ending, GateFixture gate, CancellationTokenSource caller)
    {
        var (later, response) = (GuardOrder.Budgets + 2, new FixedResponse());
        var usage = new Usage(10, 5);
        TestEffect effect = null!;
        EffectResult result = new EffectResult.Complete(GateFixture.Json("""{"answer":"yes"}""")) { Usage = usage };
        switch (ending)
        {
            case "completed without usage":
                result = new EffectResult.Complete(GateFixture.Json("""{"answer":"yes"}"""));
                break;
            case "denied by a later guard":
                gate.Guard("later", later, Refused);
                break;
            case "denial is not recorded":
                break;
            case "the denial is not recorded":
                gate.Guard("later", later, Refused);
                gate.Recorder.Before = _ => throw new IOException("full");
                break;
            case "a later guard throws":
                gate.Guard("later", later, (_, _) => throw new InvalidOperationException("bug"));
                break;
            case "held by a later guard":
                gate.Guard("later", later, new Verdict.Hold("AG0", "Wait."));
                break;
            case "the caller leaves in a later guard":
                gate.Guard("later", later, (_, token) =>
                {
                    caller.Cancel();
                    token.ThrowIfCancellationRequested();
                    return new(Verdict.Allowed);
                });
                break;
            case "the caller leaves before the intent":
                gate.Guard("later", later, (_, _) =>
                {
                    caller.Cancel();
                    return new(Verdict.Allowed);
                });
                break;
            case "the intent is not recorded":
                gate.Recorder.Before = entry => entry.Kind == EntryKind.Intent ? throw new IOException("full") : Task.CompletedTask;
                break;
            case "the binding fails":
                gate.Binding = new BrokenBinding();
                break;
            case "the outcome is not recorded" or "the outcome of a stream is not recorded":
                gate.Recorder.Before = entry => entry.Kind == EntryKind.Outcome ? throw new IOException("full") : Task.CompletedTask;
                break;
            case "a response guard blocks":
                response.Verdict = Refused;
                break;
            case "a response guard throws":
                response.Verdict = null!;
                break;
            case "a stream is blocked":
                response.Stream = new BlockingStream();
                break;
            case "a stream cannot be opened":
                response.Opens = false;
                break;
            case "the provider refuses":
                result = new EffectResult.Failed(new Denial("AG0", "429", DenialKind.Upstream)) { NothingConsumed = true };
                break;
            case "the provider fails":
                result = new EffectResult.Failed(new Denial("AG0", "It broke.", DenialKind.Upstream));
                break;
        }

        gate.Guards.Add(new GuardDescriptor("response", GuardOrder.Pii) { Response = response });
        return effect = new TestEffect(gate.Events, (permit, _) => ending switch
        {
            "the effect throws" => Throw(permit, new InvalidOperationException("bug")),
            "the effect throws before it takes its content" => throw new InvalidOperationException("bug"),
            "the effect answers null" => new((EffectResult)null!),
            "the effect is cancelled" => Cancel(permit, caller),
            "other bytes left" => Use(permit, result),
            _ when ending.Contains("stream", StringComparison.Ordinal) => effect.Proper(permit, new EffectResult.Streamed(new Frames(ending, usage))),
            _ => effect.Proper(permit, result),
        });
    }

    private static ValueTask<EffectResult> Throw(Permit permit, Exception exception)
    {
        permit.Use();
        throw exception;
    }

    private static ValueTask<EffectResult> Cancel(Permit permit, CancellationTokenSource caller)
    {
        permit.Use();
        caller.Cancel();
        throw new OperationCanceledException(caller.Token);
    }

    private static ValueTask<EffectResult> Use(Permit permit, EffectResult result)
    {
        permit.Use();
        permit.RecordTransport("other"u8);
        return new(result);
    }

    private sealed class BrokenBinding : IRawBinding
    {
        public string? Bind(CallScope scope, CallContent raw) => throw new InvalidOperationException("no key");
    }

    private sealed class FixedResponse : IResponseGuard
    {
        public Verdict Verdict { get; set; } = Verdict.Allowed;

        public IStreamGuard? Stream { get; set; }

        public bool Opens { get; set; } = true;

        public ValueTask<Verdict> InspectAsync(ResponseContext context, CancellationToken cancellationToken) => new(Verdict);

        public IStreamGuard? OpenStream(ResponseContext context) => Opens ? Stream : throw new InvalidOperationException("bug");
    }

    private sealed class BlockingStream : IStreamGuard
    {
        public ImmutableArray<Finding> Findings => [];

        public ValueTask<StreamVerdict> InspectAsync(StreamSegment segment, CancellationToken cancellationToken)
            => new(new StreamVerdict.Block("AG0", "No."));
    }

    private sealed class Frames(string ending, Usage usage) : IEffectStream
    {
        private int _read;

        public Usage? Usage => ending is "a stream completes" or "the outcome of a stream is not recorded" ? usage : null;

        public void Observe(Action<ReadOnlyMemory<byte>> observe) => observe("x"u8.ToArray());

        public ValueTask<StreamFrame?> ReadAsync(CancellationToken cancellationToken) => ++_read switch
        {
            1 => new(new Frame(false)),
            2 when ending == "a stream breaks" => throw new IOException("reset"),
            2 when ending == "a stream ends early" => new((StreamFrame?)null),
            2 => new(new Frame(true)),
            _ => new((StreamFrame?)null),
        };

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Frame(bool last) : StreamFrame
    {
        public override IReadOnlyList<StreamSegment> Segments { get; } =
            [new StreamSegment("c", SegmentRole.Assistant, SegmentKind.Text, "hello".AsMemory(), last, false)];

        public override bool IsLast => last;

        public override void Replace(int index, string text) => throw new NotSupportedException();
    }
}
