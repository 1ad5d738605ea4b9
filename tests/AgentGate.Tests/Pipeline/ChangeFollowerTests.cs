using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Tests.Pipeline;

/// <summary>How a process follows what others change.</summary>
public sealed class ChangeFollowerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeFeed _feed = new();
    private readonly FakeFollower _grants = new("grants");
    private readonly FakeFollower _keys = new("keys");
    private readonly ChangeOptions _options = new();
    private readonly KnowledgeAge _age;
    private readonly ChangeFollower _follower;

    public ChangeFollowerTests()
    {
        _age = new KnowledgeAge(_options, _time);
        _follower = new ChangeFollower(_feed, [_grants, _keys], _options, _time, _age, new ChangeMetrics(), NullLogger<ChangeFollower>.Instance);
    }

    [Fact]
    public async Task Everything_is_read_once_at_first_and_then_only_what_changed()
    {
        Assert.True(await FollowAsync());
        Assert.Equal((1, 1), (_grants.Reloads, _keys.Reloads));

        Assert.True(await FollowAsync());
        Assert.Equal((1, 1), (_grants.Reloads, _keys.Reloads));

        _feed.Versions["grants"] = 7;
        Assert.True(await FollowAsync());
        Assert.Equal((2, 1), (_grants.Reloads, _keys.Reloads));
    }

    [Fact]
    public async Task A_version_that_went_back_counts_as_a_change()
    {
        _feed.Versions["grants"] = 7;
        await FollowAsync();

        _feed.Versions["grants"] = 3;
        await FollowAsync();

        Assert.Equal(2, _grants.Reloads);
    }

    [Fact]
    public async Task A_change_between_the_version_and_the_data_is_read_again()
    {
        _grants.During = () => _feed.Versions["grants"] = 1;
        await FollowAsync();
        _grants.During = null;

        await FollowAsync();

        Assert.Equal(2, _grants.Reloads);
    }

    [Fact]
    public async Task What_cannot_be_read_is_tried_again_and_holds_up_nothing_else()
    {
        _grants.Failure = new IOException("gone");

        Assert.False(await FollowAsync());
        Assert.Equal((0, 1), (_grants.Reloads, _keys.Reloads));

        _grants.Failure = null;
        Assert.True(await FollowAsync());
        Assert.Equal((1, 1), (_grants.Reloads, _keys.Reloads));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Knowledge_that_is_too_old_makes_the_server_not_ready_and_closes_the_gate_until_it_is_current(bool isFeed)
    {
        await FollowAsync();
        (_feed.Failure, _grants.Failure) = isFeed ? (new IOException("gone"), (Exception?)null) : (null, new IOException("gone"));
        _feed.Versions["grants"] = 2;
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(_options.PollEvery);
            Assert.False(await FollowAsync());
        }

        Assert.False(_age.IsTooOld);
        Assert.Null(_age.NotReadyBecause);
        Assert.Null((await RunAsync()).Denial);

        _time.Advance(_options.PollEvery);
        await FollowAsync();

        Assert.StartsWith(Codes.KnowledgeTooOld, _age.NotReadyBecause, StringComparison.Ordinal);
        var denial = (await RunAsync()).Denial;
        Assert.Equal((Codes.KnowledgeTooOld, DenialKind.Unavailable), (denial!.Code, denial.Kind));

        (_feed.Failure, _grants.Failure) = (null, null);
        Assert.True(await FollowAsync());
        Assert.Null(_age.NotReadyBecause);
        Assert.Null((await RunAsync()).Denial);
    }

    [Fact]
    public async Task A_feed_that_never_answers_is_as_bad_as_one_that_fails()
    {
        await FollowAsync();
        _feed.Never = true;

        var asked = _follower.FollowAsync(TestContext.Current.CancellationToken);
        _time.Advance(_options.StaleAfter + TimeSpan.FromMilliseconds(1));

        Assert.False(asked.IsCompleted);
        Assert.True(_age.IsTooOld);
    }

    [Fact]
    public async Task Knowledge_is_as_old_as_the_question_and_not_as_the_answer()
    {
        _grants.During = () => _time.Advance(TimeSpan.FromSeconds(4));

        await FollowAsync();

        Assert.Equal(TimeSpan.FromSeconds(4), _age.Age);
    }

    [Fact]
    public async Task A_follower_that_hangs_delays_no_other_and_what_is_in_force_is_as_old_as_it()
    {
        await FollowAsync();
        _grants.Hangs = new TaskCompletionSource();
        _feed.Versions["grants"] = 1;
        for (var i = 1; i <= 3; i++)
        {
            _feed.Versions["keys"] = i;
            var row = FollowAsync();
            Assert.Equal(1 + i, _keys.Reloads);
            _time.Advance(_options.PollEvery);
            Assert.False(await row);
        }

        Assert.Equal(_options.PollEvery * 3, _age.Age);
        _time.Advance(_options.StaleAfter);
        Assert.True(_age.IsTooOld);

        // It is not asked a second time while it hangs, and once it is there all is current again.
        _grants.Hangs.SetResult();
        await UntilCurrentAsync();
        Assert.Equal(2, _grants.Reloads);
        Assert.Equal(TimeSpan.Zero, _age.Age);
    }

    [Fact]
    public async Task A_change_while_its_follower_hangs_is_read_afterwards()
    {
        await FollowAsync();
        _grants.Hangs = new TaskCompletionSource();
        _feed.Versions["grants"] = 1;
        var row = FollowAsync();
        _time.Advance(_options.PollEvery);
        await row;
        _feed.Versions["grants"] = 2;
        row = FollowAsync();
        _time.Advance(_options.PollEvery);
        Assert.False(await row);

        _grants.Hangs.SetResult();
        await UntilCurrentAsync();

        Assert.Equal(3, _grants.Reloads);
    }

    [Fact]
    public async Task It_goes_on_until_it_is_cancelled_whatever_fails()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _feed.Failure = new IOException("gone");
        var running = _follower.RunAsync(end.Token);
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(_options.PollEvery);
            await Task.Yield();
        }

        _feed.Failure = null;
        while (_grants.Reloads == 0)
        {
            _time.Advance(_options.PollEvery);
            await Task.Yield();
        }

        await end.CancelAsync();
        await running;
        Assert.True(_feed.Reads > 1);
    }

    [Theory]
    [InlineData(49, 5_000, false)]
    [InlineData(50, 1_000, true)]
    [InlineData(250, 999, false)]
    [InlineData(1_000, 1_999, false)]
    [InlineData(1_000, 2_000, true)]
    [InlineData(5_001, 60_000, false)]
    [InlineData(250, 300_001, false)]
    public void Options_have_bounds(int poll, int stale, bool isFit)
        => Assert.Equal(isFit, !ChangeOptions.Faults(new ChangeOptions
        {
            PollEvery = TimeSpan.FromMilliseconds(poll),
            StaleAfter = TimeSpan.FromMilliseconds(stale),
        }).Any());

    /// <summary>What was let go may not have gone on yet.</summary>
    private async Task UntilCurrentAsync()
    {
        for (var row = 0; row < 100 && !await FollowAsync(); row++)
        {
            await Task.Yield();
        }
    }

    private Task<bool> FollowAsync() => _follower.FollowAsync(TestContext.Current.CancellationToken);

    private async Task<(Denial? Denial, GateResult Result)> RunAsync()
    {
        var gate = new GateFixture();
        gate.Guards.Add(KnowledgeGuard.Describe(_age));
        var result = await gate.Build().RunAsync(GateFixture.Call("""{"a":"hello"}"""), new EchoEffect(), TestContext.Current.CancellationToken);
        return ((result as GateResult.Denied)?.Denial, result);
    }

    private sealed class EchoEffect : IEffect
    {
        public ValueTask<EffectResult> RunAsync(Permit permit, CancellationToken cancellationToken)
            => ValueTask.FromResult<EffectResult>(new EffectResult.Complete(permit.Use()));
    }

    private sealed class FakeFeed : IChangeFeed
    {
        public Dictionary<string, long> Versions { get; } = [];

        public Exception? Failure { get; set; }

        public bool Never { get; set; }

        public int Reads { get; private set; }

        public async Task<IReadOnlyDictionary<string, long>> ReadAsync(CancellationToken cancellationToken)
        {
            Reads++;
            if (Never)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return Failure is null ? new Dictionary<string, long>(Versions) : throw Failure;
        }

        public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed class FakeFollower(string topic) : IFollowChanges
    {
        public string Topic => topic;

        public int Reloads { get; private set; }

        public Exception? Failure { get; set; }

        public Action? During { get; set; }

        /// <summary>Until it is completed nothing is read.</summary>
        public TaskCompletionSource? Hangs { get; set; }

        public async Task ReloadAsync(CancellationToken cancellationToken)
        {
            if (Hangs is { } hangs)
            {
                await hangs.Task.WaitAsync(cancellationToken);
            }

            During?.Invoke();
            if (Failure is not null)
            {
                throw Failure;
            }

            Reloads++;
        }
    }
}
