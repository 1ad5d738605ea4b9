using System.Globalization;
using AgentGate.Identity;
using Microsoft.Extensions.Options;

namespace AgentGate.Threats.Behaviour;

/// <summary>
/// Counts failed sign-ins of an origin, over all servers: those that count are all in the half window that is running and in the one before,
/// less those an account's own success took back. Each failure is taken back at most once, whoever signs in at the same moment: taking back
/// claims its number.
/// </summary>
/// <remarks>
/// Thread-safe. Throws when the store fails. INVARIANT: what fails within half a window counts together, wherever the clock stands, and what lies
/// further apart than a window never does. Between the two it depends on where the halves begin; over long no origin has as many per window
/// as the threshold without being noticed.
/// </remarks>
internal sealed class SignInFailures(IAttempts attempts, IOptions<BehaviourOptions> options)
{
    private const string OfOrigin = "origin-failed";
    private const string OfAccount = "origin-account-failed";
    private const string Accounts = "origin-accounts";
    private const string Again = "origin-accounts-again";
    private const string Claimed = "origin-taken-back-one";
    private const string TakenBack = "origin-taken-back";

    /// <summary>Who has more failures than this with one account is not taken back all of them.</summary>
    private const int TakenBackMax = 64;

    /// <summary>Counts a failure.</summary>
    /// <returns>How many count with this one, of how many accounts, and whether this account is new among them.</returns>
    public async Task<(long Failures, long Accounts, bool IsNewAccount)> AddAsync(string origin, string account, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // As long as a window: a half that began just now is asked for until the one after it ends.
        var (window, (running, before)) = (options.Value.FailureWindow, Halves(origin, now));
        var all = await attempts.AddAsync(OfOrigin, running, window, now, cancellationToken);
        var round = (await RoundAsync(running, now, cancellationToken))?.Name ?? running;
        var former = await RoundAsync(before, now, cancellationToken);

        var ofAccount = await attempts.AddAsync(OfAccount, $"{round}\n{account}", window, now, cancellationToken);
        var isKnown = former is not null && await CountAsync(OfAccount, $"{former.Name}\n{account}", now, cancellationToken) > 0;
        var accounts = ofAccount == 1
            ? await attempts.AddAsync(Accounts, round, window, now, cancellationToken)
            : await CountAsync(Accounts, round, now, cancellationToken);
        if (ofAccount == 1 && isKnown)
        {
            await attempts.AddAsync(Again, round, window, now, cancellationToken);
        }

        var takenBack = await CountAsync(TakenBack, round, now, cancellationToken);
        if (former is not null)
        {
            all += former.Count;
            takenBack += await CountAsync(TakenBack, former.Name, now, cancellationToken);
            accounts += await CountAsync(Accounts, former.Name, now, cancellationToken) - await CountAsync(Again, round, now, cancellationToken);
        }

        return (all - takenBack, accounts, ofAccount == 1 && !isKnown);
    }

    /// <summary>Takes back what failed with an account from an origin.</summary>
    public async Task TakeBackAsync(string origin, string account, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (running, before) = Halves(origin, now);
        foreach (var half in (string[])[running, before])
        {
            if (await RoundAsync(half, now, cancellationToken) is { } round)
            {
                await TakeBackAsync(round, account, now, cancellationToken);
            }
        }
    }

    /// <summary>Forgets what an origin failed: it begins anew.</summary>
    public async Task ForgetAsync(string origin, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // What is counted beside bears the name of the round, which ends with this.
        var (running, before) = Halves(origin, now);
        await attempts.ResetAsync(OfOrigin, running, cancellationToken);
        await attempts.ResetAsync(OfOrigin, before, cancellationToken);
    }

    private async Task TakeBackAsync(Round round, string account, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var window = options.Value.FailureWindow;
        var failed = await CountAsync(OfAccount, $"{round.Name}\n{account}", now, cancellationToken);
        for (var number = failed; number > Math.Max(0, failed - TakenBackMax); number--)
        {
            if (await attempts.AddAsync(Claimed, string.Create(CultureInfo.InvariantCulture, $"{round.Name}\n{account}\n{number}"), window, now, cancellationToken) > 1)
            {
                // This and those before it were taken back by an earlier success.
                return;
            }

            await attempts.AddAsync(TakenBack, round.Name, window, now, cancellationToken);
        }
    }

    private async Task<long> CountAsync(string kind, string subject, DateTimeOffset now, CancellationToken cancellationToken)
        => (await attempts.CountAsync(kind, subject, now, cancellationToken)).Count;

    /// <summary>The half window that is running, and the one before it.</summary>
    private (string Running, string Before) Halves(string origin, DateTimeOffset now)
    {
        var half = Math.Max(1, (long)(options.Value.FailureWindow.TotalMilliseconds / 2));
        var number = now.ToUnixTimeMilliseconds() / half;
        return (Half(number), Half(number - 1));

        string Half(long of) => string.Create(CultureInfo.InvariantCulture, $"{origin}\n{half}\n{of}");
    }

    /// <summary>Names what an origin failed in a half, so that what is taken back says nothing of what comes after it was forgotten.</summary>
    private async Task<Round?> RoundAsync(string half, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (count, until) = await attempts.CountAsync(OfOrigin, half, now, cancellationToken);
        return count == 0 ? null : new Round(string.Create(CultureInfo.InvariantCulture, $"{half}\n{until.ToUnixTimeMilliseconds()}"), count);
    }

    private sealed record Round(string Name, long Count);
}
