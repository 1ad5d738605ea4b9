using System.Globalization;
using AgentGate.Identity;
using Microsoft.Extensions.Options;

namespace AgentGate.Threats.Behaviour;

/// <summary>
/// Counts failed sign-ins of an origin, over all servers: those that count are all in the window less those an account's own success took
/// back. Each failure is taken back at most once, whoever signs in at the same moment: taking back claims its number.
/// </summary>
/// <remarks>Thread-safe. Throws when the store fails.</remarks>
internal sealed class SignInFailures(IAttempts attempts, IOptions<BehaviourOptions> options)
{
    private const string OfOrigin = "origin-failed";
    private const string OfAccount = "origin-account-failed";
    private const string Accounts = "origin-accounts";
    private const string Claimed = "origin-taken-back-one";
    private const string TakenBack = "origin-taken-back";

    /// <summary>Who has more failures than this with one account is not taken back all of them.</summary>
    private const int TakenBackMax = 64;

    /// <summary>Counts a failure.</summary>
    /// <returns>How many count in the window with this one, of how many accounts, and whether this account is new among them.</returns>
    public async Task<(long Failures, long Accounts, bool IsNewAccount)> AddAsync(string origin, string account, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var window = options.Value.FailureWindow;
        var all = await attempts.AddAsync(OfOrigin, origin, window, now, cancellationToken);
        var round = await RoundAsync(origin, now, cancellationToken) ?? origin;
        var ofAccount = await attempts.AddAsync(OfAccount, $"{round}\n{account}", window, now, cancellationToken);
        var accounts = ofAccount == 1
            ? await attempts.AddAsync(Accounts, round, window, now, cancellationToken)
            : (await attempts.CountAsync(Accounts, round, now, cancellationToken)).Count;
        var (takenBack, _) = await attempts.CountAsync(TakenBack, round, now, cancellationToken);
        return (all - takenBack, accounts, ofAccount == 1);
    }

    /// <summary>Takes back what failed with an account from an origin.</summary>
    public async Task TakeBackAsync(string origin, string account, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await RoundAsync(origin, now, cancellationToken) is not { } round)
        {
            return;
        }

        var window = options.Value.FailureWindow;
        var (failed, _) = await attempts.CountAsync(OfAccount, $"{round}\n{account}", now, cancellationToken);
        for (var number = failed; number > Math.Max(0, failed - TakenBackMax); number--)
        {
            if (await attempts.AddAsync(Claimed, string.Create(CultureInfo.InvariantCulture, $"{round}\n{account}\n{number}"), window, now, cancellationToken) > 1)
            {
                // This and those before it were taken back by an earlier success.
                return;
            }

            await attempts.AddAsync(TakenBack, round, window, now, cancellationToken);
        }
    }

    /// <summary>Names the window of an origin that is running, so that what is taken back in one says nothing in the next.</summary>
    private async Task<string?> RoundAsync(string origin, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (count, until) = await attempts.CountAsync(OfOrigin, origin, now, cancellationToken);
        return count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{origin}\n{until.ToUnixTimeMilliseconds()}");
    }
}
