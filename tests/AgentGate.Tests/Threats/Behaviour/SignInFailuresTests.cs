using AgentGate.Identity;
using AgentGate.Threats.Behaviour;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Tests.Threats.Behaviour;

/// <summary>What counts of failures, by the clock.</summary>
public sealed class SignInFailuresTests
{
    private const string Origin = "203.0.113.9";

    /// <summary>A few minutes before a half of the window ends.</summary>
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 27, 0, TimeSpan.Zero);

    private readonly SignInFailures _failures = new(new Counted(), Options.Create(new BehaviourOptions()));

    [Fact]
    public async Task What_fails_within_half_a_window_counts_together_wherever_the_clock_stands()
    {
        for (var i = 0; i < 19; i++)
        {
            await FailAsync(i);
        }

        Assert.Equal(20, (await FailAsync(29)).Failures);
    }

    [Fact]
    public async Task What_lies_further_apart_than_a_window_never_counts_together()
    {
        for (var start = 0; start < 60; start += 5)
        {
            var failures = new SignInFailures(new Counted(), Options.Create(new BehaviourOptions()));
            await failures.AddAsync(Origin, "a", s_start.AddMinutes(start), default);
            Assert.Equal(1, (await failures.AddAsync(Origin, "a", s_start.AddMinutes(start + 60), default)).Failures);
        }
    }

    [Fact]
    public async Task An_account_that_fails_in_both_halves_is_one()
    {
        Assert.Equal((1L, 1L, true), await FailAsync(0));
        Assert.Equal((2L, 2L, true), await FailAsync(1, "b"));
        Assert.Equal((3L, 2L, false), await FailAsync(10));
        Assert.Equal((4L, 3L, true), await FailAsync(11, "c"));
        Assert.Equal((5L, 3L, false), await FailAsync(12));
    }

    [Fact]
    public async Task A_success_takes_back_what_failed_in_both_halves_and_each_once()
    {
        await FailAsync(0);
        await FailAsync(1, "b");
        await FailAsync(10);
        await _failures.TakeBackAsync(Origin, "a", s_start.AddMinutes(11), default);
        await _failures.TakeBackAsync(Origin, "a", s_start.AddMinutes(11), default);

        Assert.Equal(2, (await FailAsync(12)).Failures);
    }

    [Fact]
    public async Task What_is_forgotten_counts_no_more_and_is_taken_back_no_more()
    {
        await FailAsync(0);
        await FailAsync(10);
        await _failures.TakeBackAsync(Origin, "a", s_start.AddMinutes(11), default);
        await _failures.ForgetAsync(Origin, s_start.AddMinutes(12), default);

        Assert.Equal((1L, 1L, true), await FailAsync(13));
        await _failures.TakeBackAsync(Origin, "a", s_start.AddMinutes(14), default);
        Assert.Equal(1, (await FailAsync(15)).Failures);
    }

    [Fact]
    public void An_origin_is_told_of_once_in_a_second_and_only_so_many_are()
    {
        var time = new FakeTimeProvider(s_start);
        var once = new OncePerSecond(time);
        Assert.True(once.IsFirst(Origin));
        Assert.False(once.IsFirst(Origin));
        Assert.Equal(OncePerSecond.OriginsMax - 1, Enumerable.Range(0, 1_000).Count(i => once.IsFirst($"origin {i}")));

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(once.IsFirst(Origin));
    }

    private Task<(long Failures, long Accounts, bool IsNewAccount)> FailAsync(int minute, string account = "a") => _failures.AddAsync(Origin, account, s_start.AddMinutes(minute), default);

    private sealed class Counted : IAttempts
    {
        private readonly Dictionary<string, (long Count, DateTimeOffset Until)> _counts = [];

        public Task<long> AddAsync(string kind, string subject, TimeSpan window, DateTimeOffset now, CancellationToken cancellationToken)
        {
            var (count, until) = _counts.GetValueOrDefault($"{kind}:{subject}");
            _counts[$"{kind}:{subject}"] = until > now ? (count + 1, until) : (1, now + window);
            return Task.FromResult(_counts[$"{kind}:{subject}"].Count);
        }

        public Task<(long Count, DateTimeOffset Until)> CountAsync(string kind, string subject, DateTimeOffset now, CancellationToken cancellationToken)
            => Task.FromResult(_counts.GetValueOrDefault($"{kind}:{subject}") is var found && found.Until > now ? found : (0, now));

        public Task<long?> AddBelowAsync(string kind, string subject, long most, TimeSpan window, DateTimeOffset now, CancellationToken cancellationToken)
            => throw new NotSupportedException("Failures are counted without a bound.");

        public Task ResetAsync(string kind, string subject, CancellationToken cancellationToken)
        {
            _counts.Remove($"{kind}:{subject}");
            return Task.CompletedTask;
        }

        public Task PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
