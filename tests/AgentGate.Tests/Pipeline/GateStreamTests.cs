using System.Collections.Immutable;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Tests.Pipeline;

public sealed class GateStreamTests : IAsyncDisposable
{
    private readonly GateFixture _gate = new();
    private readonly Frames _frames = new(3);

    public ValueTask DisposeAsync()
    {
        _frames.BreaksOnDispose = false;
        return _frames.DisposeAsync();
    }

    private sealed class Frame(string text, bool last) : StreamFrame
    {
        public string Text { get; private set; } = text;

        public override IReadOnlyList<StreamSegment> Segments
            => [new StreamSegment("c", SegmentRole.Assistant, SegmentKind.Text, Text.AsMemory(), last, false)];

        public override bool IsLast => last;

        public override void Replace(int index, string text) => Text = text == "impossible" ? throw new ArgumentException("no") : text;
    }

    private sealed class Frames(int count) : IEffectStream
    {
        private int _read;

        public int EndsAfter { get; set; } = int.MaxValue;

        public bool BreaksOnDispose { get; set; }

        public int Disposals { get; private set; }

        public Usage? Usage => null;

        public void Observe(Action<ReadOnlyMemory<byte>> observe)
        {
        }

        public ValueTask<StreamFrame?> ReadAsync(CancellationToken cancellationToken)
            => _read >= EndsAfter ? ValueTask.FromResult<StreamFrame?>(null)
                : ValueTask.FromResult<StreamFrame?>(new Frame($"piece {++_read}", _read == count));

        public ValueTask DisposeAsync()
        {
            Disposals++;
            return BreaksOnDispose ? throw new IOException("closing failed") : ValueTask.CompletedTask;
        }
    }

    private sealed class Guard(Func<string, ValueTask<StreamVerdict>> ask, bool findingsThrow = false) : IResponseGuard, IStreamGuard
    {
        public ImmutableArray<Finding> Findings => findingsThrow ? throw new InvalidOperationException() : [];

        public ValueTask<Verdict> InspectAsync(ResponseContext context, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IStreamGuard OpenStream(ResponseContext context) => this;

        public ValueTask<StreamVerdict> InspectAsync(StreamSegment segment, CancellationToken cancellationToken) => ask(segment.Text.ToString());
    }

    private void Add(Func<string, ValueTask<StreamVerdict>> ask, bool findingsThrow = false)
        => _gate.Guards.Add(new GuardDescriptor("stream", 1) { Response = new Guard(ask, findingsThrow) });

    private async Task<GateStream> OpenAsync()
    {
        TestEffect effect = null!;
        effect = new TestEffect(_gate.Events, (permit, _) => effect.Proper(permit, new EffectResult.Streamed(_frames)));
        return Assert.IsType<GateResult.Streaming>(await _gate.RunAsync(effect)).Stream;
    }

    private static async Task<(List<string> Passed, Denial? Denial)> ReadAsync(GateStream stream)
    {
        var passed = new List<string>();
        while (true)
        {
            switch (await stream.ReadAsync(CancellationToken.None))
            {
                case StreamStep.Frame(Frame frame):
                    passed.Add(frame.Text);
                    break;
                case StreamStep.Ended(var denial):
                    return (passed, denial);
                default:
                    return (passed, null);
            }
        }
    }

    [Fact]
    public async Task The_outcome_is_on_record_before_the_last_piece_is_out()
    {
        await using var stream = await OpenAsync();

        await stream.ReadAsync(CancellationToken.None);
        await stream.ReadAsync(CancellationToken.None);
        Assert.Equal(["Intent"], _gate.Recorder.Kinds);
        Assert.IsType<StreamStep.Frame>(await stream.ReadAsync(CancellationToken.None));
        Assert.Equal(["Intent", "Outcome Completed"], _gate.Recorder.Kinds);
        Assert.IsType<StreamStep.Done>(await stream.ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task An_outcome_that_is_not_on_record_ends_the_stream_before_its_last_piece()
    {
        _gate.Recorder.Before = entry => entry.Kind == EntryKind.Outcome ? throw new IOException() : Task.CompletedTask;
        await using var stream = await OpenAsync();

        var (passed, denial) = await ReadAsync(stream);

        Assert.Equal(["piece 1", "piece 2"], passed);
        Assert.Equal(Codes.OutcomeNotRecorded, denial?.Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_given_up_leaves_one_cancelled_outcome(bool closingFails)
    {
        _frames.BreaksOnDispose = closingFails;
        var stream = await OpenAsync();
        await stream.ReadAsync(CancellationToken.None);

        await stream.DisposeAsync();
        await stream.DisposeAsync();

        Assert.Equal(["Intent", "Outcome Cancelled"], _gate.Recorder.Kinds);
        Assert.True(_frames.Disposals > 0);
    }

    [Fact]
    public async Task A_stream_that_ends_early_leaves_one_failed_outcome()
    {
        _frames.EndsAfter = 2;
        await using (var stream = await OpenAsync())
        {
            var (passed, denial) = await ReadAsync(stream);
            Assert.Equal(["piece 1", "piece 2"], passed);
            Assert.Equal(Codes.EffectFailed, denial?.Code);
        }

        Assert.Equal(["Intent", "Outcome Failed"], _gate.Recorder.Kinds);
    }

    /// <summary>The set of stream verdicts can be opened through the protected copy constructor of a record.</summary>
    private sealed record Foreign : StreamVerdict
    {
        public Foreign(StreamVerdict like)
            : base(like)
        {
        }
    }

    public static TheoryData<string, string> Failures => new()
    {
        { "throws", Codes.GuardFailed },
        { "hangs", Codes.GuardTimedOut },
        { "answers nothing", Codes.GuardAnsweredNonsense },
        { "answers a verdict of its own", Codes.GuardAnsweredNonsense },
        { "replaces by nothing", Codes.GuardAnsweredNonsense },
        { "replaces by what cannot stand there", Codes.GuardAnsweredNonsense },
        { "blocks", "AG0007" },
    };

    [Theory, MemberData(nameof(Failures))]
    public async Task No_piece_passes_a_stream_guard_that_fails_or_blocks(string how, string code)
    {
        Add(text => text == "piece 1" ? ValueTask.FromResult(StreamVerdict.Passed) : how switch
        {
            "throws" => throw new InvalidOperationException(),
            "hangs" => new ValueTask<StreamVerdict>(new TaskCompletionSource<StreamVerdict>().Task),
            "answers nothing" => ValueTask.FromResult<StreamVerdict>(null!),
            "answers a verdict of its own" => ValueTask.FromResult<StreamVerdict>(new Foreign(StreamVerdict.Passed)),
            "replaces by nothing" => ValueTask.FromResult<StreamVerdict>(new StreamVerdict.Replace(null!)),
            "replaces by what cannot stand there" => ValueTask.FromResult<StreamVerdict>(new StreamVerdict.Replace("impossible")),
            _ => ValueTask.FromResult<StreamVerdict>(new StreamVerdict.Block("AG0007", "no")),
        });
        await using (var stream = await OpenAsync())
        {
            var reading = ReadAsync(stream);
            _gate.Time.Advance(TimeSpan.FromSeconds(2));
            var (passed, denial) = await reading;

            Assert.Equal(["piece 1"], passed);
            Assert.Equal(code, denial?.Code);
        }

        Assert.Equal(["Intent", "Outcome Blocked"], _gate.Recorder.Kinds);
    }

    [Fact]
    public async Task A_guard_whose_findings_cannot_be_read_does_not_keep_the_outcome_from_the_record()
    {
        Add(_ => ValueTask.FromResult(StreamVerdict.Passed), findingsThrow: true);
        await using var stream = await OpenAsync();

        await ReadAsync(stream);

        Assert.Equal(["Intent", "Outcome Completed"], _gate.Recorder.Kinds);
    }

    [Fact]
    public async Task A_guard_that_cannot_open_the_stream_closes_it_before_its_first_piece()
    {
        _gate.Guards.Add(new GuardDescriptor("stream", 1) { Response = new NoOpen() });
        TestEffect effect = null!;
        effect = new TestEffect(_gate.Events, (permit, _) => effect.Proper(permit, new EffectResult.Streamed(_frames)));

        Assert.Equal(Codes.GuardFailed, Assert.IsType<GateResult.Denied>(await _gate.RunAsync(effect)).Denial.Code);

        Assert.Equal(["Intent", "Outcome Blocked"], _gate.Recorder.Kinds);
        Assert.Equal(1, _frames.Disposals);
    }

    private sealed class NoOpen : IResponseGuard
    {
        public ValueTask<Verdict> InspectAsync(ResponseContext context, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IStreamGuard OpenStream(ResponseContext context) => throw new InvalidOperationException();
    }
}
