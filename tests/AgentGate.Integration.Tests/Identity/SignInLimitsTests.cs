using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Server.Identity;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>When a password may be looked at, on a clock of the tests.</summary>
public sealed class SignInLimitsTests
{
    private const string Email = "ann@example.org";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly CountedAttempts _attempts = new();
    private readonly SignInLimits _limits;

    public SignInLimitsTests() => _limits = new SignInLimits(_attempts, _time, Options.Create(new SignInOptions()));

    [Fact]
    public async Task Three_failures_are_free_then_a_captcha_is_asked_and_the_hour_forgets_it()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Null((await TryAsync(solved: false)).Code);
        }

        Assert.Equal(Codes.CaptchaNeeded, (await TryAsync(solved: false)).Code);
        Assert.Null((await TryAsync(solved: true)).Code);

        _time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(Codes.CaptchaNeeded, (await TryAsync(solved: false)).Code);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null((await TryAsync(solved: false)).Code);
    }

    [Fact]
    public async Task A_captcha_is_asked_for_only_where_one_is_needed()
    {
        for (var i = 0; i < 3; i++)
        {
            await _limits.TryAccountAsync(Email, () => throw new InvalidOperationException("None is needed."), default);
        }
    }

    [Fact]
    public async Task Each_further_lock_lasts_twice_as_long_up_to_a_day_and_success_forgets_them()
    {
        foreach (var minutes in new[] { 15, 30, 60 })
        {
            for (var i = 0; i < 10; i++)
            {
                var admission = await TryAsync(solved: true);
                Assert.Null(admission.Code);
                Assert.Equal(i == 9, await _limits.FailedAsync(Email, admission, default));
            }

            Assert.Equal((Codes.AccountLocked, TimeSpan.FromMinutes(minutes)), ((await TryAsync(solved: true)).Code, (await TryAsync(solved: true)).RetryAfter));
            Assert.Equal(TimeSpan.FromMinutes(minutes), await _limits.LockedAsync(Email, default));
            _time.Advance(TimeSpan.FromMinutes(minutes));

            // After a lock a CAPTCHA is asked for from the first try on.
            Assert.Equal(Codes.CaptchaNeeded, (await TryAsync(solved: false)).Code);
        }

        await _limits.SucceededAsync(Email, default);
        for (var i = 0; i < 3; i++)
        {
            Assert.Null((await TryAsync(solved: false)).Code);
        }
    }

    [Fact]
    public async Task Of_a_thousand_tries_at_once_ten_are_admitted_whenever_the_lock_falls()
    {
        var admitted = 0;
        await Parallel.ForAsync(0, 1000, async (_, _) =>
        {
            var admission = await TryAsync(solved: true);
            if (admission.Code is null)
            {
                Interlocked.Increment(ref admitted);
                await _limits.FailedAsync(Email, admission, default);
            }
        });

        Assert.Equal(10, admitted);
    }

    [Fact]
    public async Task Tries_at_once_that_want_a_captcha_count_nothing_and_lock_nobody_out()
    {
        // All have looked before any is counted.
        _attempts.IsBehind = true;
        List<string?> codes = [];
        for (var i = 0; i < 20; i++)
        {
            codes.Add((await TryAsync(solved: false)).Code);
        }

        _attempts.IsBehind = false;
        Assert.Equal((3, 17), (codes.Count(code => code is null), codes.Count(code => code == Codes.CaptchaNeeded)));
        var admission = await TryAsync(solved: true);
        Assert.Equal((null, 4L), (admission.Code, admission.Count));
    }

    [Fact]
    public async Task An_address_has_its_tries_in_a_minute_and_an_ipv6_household_has_them_together()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.Null(await _limits.TryAddressAsync($"2001:db8::{i}", default));
        }

        Assert.NotNull(await _limits.TryAddressAsync("2001:db8::ffff", default));
        Assert.Null(await _limits.TryAddressAsync("2001:db8:0:1::1", default));
        Assert.Null(await _limits.TryAddressAsync("192.0.2.1", default));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await _limits.TryAddressAsync("2001:db8::1", default));
    }

    private Task<SignInLimits.Admission> TryAsync(bool solved) => _limits.TryAccountAsync(Email, () => Task.FromResult(solved), default);

    /// <summary>Counts as the stores do.</summary>
    private sealed class CountedAttempts : IAttempts
    {
        private readonly Lock _lock = new();

        /// <summary>Whether what it is asked shows nothing of what was counted.</summary>
        public bool IsBehind { get; set; }
        private readonly Dictionary<(string, string), (long Count, DateTimeOffset Until)> _counts = [];

        public Task<long> AddAsync(string kind, string subject, TimeSpan window, DateTimeOffset now, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                var (count, until) = _counts.GetValueOrDefault((kind, subject));
                _counts[(kind, subject)] = until > now ? (count + 1, until) : (1, now + window);
                return Task.FromResult(_counts[(kind, subject)].Count);
            }
        }

        public Task<long?> AddBelowAsync(string kind, string subject, long most, TimeSpan window, DateTimeOffset now, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                var (count, until) = _counts.GetValueOrDefault((kind, subject));
                if (until > now && count >= most)
                {
                    return Task.FromResult<long?>(null);
                }

                _counts[(kind, subject)] = until > now ? (count + 1, until) : (1, now + window);
                return Task.FromResult<long?>(_counts[(kind, subject)].Count);
            }
        }

        public Task<(long Count, DateTimeOffset Until)> CountAsync(string kind, string subject, DateTimeOffset now, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                var found = _counts.GetValueOrDefault((kind, subject));
                return Task.FromResult(found.Until > now && !IsBehind ? found : (0, now));
            }
        }

        public Task ResetAsync(string kind, string subject, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                _counts.Remove((kind, subject));
            }

            return Task.CompletedTask;
        }

        public Task PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
