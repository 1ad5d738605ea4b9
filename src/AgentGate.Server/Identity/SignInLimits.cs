using System.Net;
using System.Net.Sockets;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity;

/// <summary>
/// Says whether a password may be looked at. Counts each try before it is, over all servers, and takes it back by forgetting the count when
/// the sign-in succeeds: of any number of tries at once no more are looked at than the limits say.
/// </summary>
/// <remarks>Thread-safe. An e-mail address nobody has is counted like any other: it is asked for a CAPTCHA and locked just as well.</remarks>
internal sealed class SignInLimits(IAttempts attempts, TimeProvider time, IOptions<SignInOptions> options)
{
    private const string OfAddressMinute = "sign-in-address-minute";
    private const string OfAddressHour = "sign-in-address-hour";
    private const string OfAccount = "sign-in-account";
    private const string Lock = "sign-in-lock";
    private const string Locks = "sign-in-locks";

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private static readonly TimeSpan LockMax = TimeSpan.FromDays(1);

    /// <summary>Until when an account is locked. Asked first: a flood against one that is costs two questions each and no writing.</summary>
    /// <returns>When to come again, or <see langword="null"/> where it is not.</returns>
    public async Task<TimeSpan?> LockedAsync(string email, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (locked, until) = await attempts.CountAsync(Lock, email, now, cancellationToken);
        return locked > 0 ? until - now : null;
    }

    /// <summary>Counts a try of an address, whoever it is for.</summary>
    /// <returns>When to come again, or <see langword="null"/> where it may go on.</returns>
    public async Task<TimeSpan?> TryAddressAsync(string address, CancellationToken cancellationToken)
    {
        var (now, subject) = (time.GetUtcNow(), Network(address));
        foreach (var (kind, window, most) in new[]
        {
            (OfAddressMinute, TimeSpan.FromMinutes(1), options.Value.AddressTriesPerMinute), (OfAddressHour, Window, options.Value.AddressTriesPerHour),
        })
        {
            // Who is over the limit is not counted any further: the answer costs one question.
            var (count, until) = await attempts.CountAsync(kind, subject, now, cancellationToken);
            if (count >= most || await attempts.AddAsync(kind, subject, window, now, cancellationToken) > most)
            {
                return until > now ? until - now : window;
            }
        }

        return null;
    }

    /// <summary>Counts a try for an account.</summary>
    /// <param name="email">The e-mail address in the form it is compared in.</param>
    /// <param name="solveCaptcha">Whether the caller solved a CAPTCHA; asked once, where one is needed.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Admission> TryAccountAsync(string email, Func<Task<bool>> solveCaptcha, CancellationToken cancellationToken)
    {
        // In this order: a lock is set before it is counted, so that whoever sees the count sees the lock.
        var now = time.GetUtcNow();
        var (locks, _) = await attempts.CountAsync(Locks, email, now, cancellationToken);
        var (locked, until) = await attempts.CountAsync(Lock, email, now, cancellationToken);
        if (locked > 0)
        {
            return new Admission(Codes.AccountLocked, locks, 0, until - now);
        }

        var subject = Subject(email, locks);
        var (count, window) = await attempts.CountAsync(OfAccount, subject, now, cancellationToken);
        if (count >= options.Value.LockAfter)
        {
            return new Admission(Codes.AccountLocked, locks, 0, window - now);
        }

        var solved = NeedsCaptcha(count + 1, locks) && await solveCaptcha();
        if (NeedsCaptcha(count + 1, locks) && !solved)
        {
            return new Admission(Codes.CaptchaNeeded, locks, 0, null);
        }

        // What was asked before may be out of date by now; this is exact. What is refused for want of a CAPTCHA is not counted: many at once would
        // lock the account of somebody else for nothing.
        var free = Math.Min(options.Value.CaptchaAfter, options.Value.LockAfter);
        return await attempts.AddBelowAsync(OfAccount, subject, solved ? options.Value.LockAfter : free, Window, now, cancellationToken) is { } counted
                ? new Admission(null, locks, counted, null)
            : solved || free == options.Value.LockAfter ? new Admission(Codes.AccountLocked, locks, 0, options.Value.LockFor)
            : new Admission(Codes.CaptchaNeeded, locks, 0, null);
    }

    /// <summary>Notes that a try failed; locks the account where it was one too many.</summary>
    /// <returns>Whether the account is locked now.</returns>
    public async Task<bool> FailedAsync(string email, Admission admission, CancellationToken cancellationToken)
    {
        if (admission.Count < options.Value.LockAfter)
        {
            return false;
        }

        var now = time.GetUtcNow();
        var length = Math.Min(LockMax.Ticks, options.Value.LockFor.Ticks * (1L << (int)Math.Min(admission.Locks, 20)));
        await attempts.AddAsync(Lock, email, TimeSpan.FromTicks(length), now, cancellationToken);
        await attempts.AddAsync(Locks, email, LockMax, now, cancellationToken);
        return true;
    }

    /// <summary>Forgets the failed tries of an account: its owner is in.</summary>
    public async Task SucceededAsync(string email, CancellationToken cancellationToken)
    {
        var (locks, _) = await attempts.CountAsync(Locks, email, time.GetUtcNow(), cancellationToken);
        for (var lockNumber = 0L; lockNumber <= locks; lockNumber++)
        {
            await attempts.ResetAsync(OfAccount, Subject(email, lockNumber), cancellationToken);
        }

        await attempts.ResetAsync(Lock, email, cancellationToken);
        await attempts.ResetAsync(Locks, email, cancellationToken);
    }

    /// <summary>What counts as one address: of IPv6 the /64, which one household has all of.</summary>
    internal static string Network(string address)
    {
        if (!IPAddress.TryParse(address, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = parsed.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes) + "/64";
    }

    /// <summary>After each lock the tries are counted anew, so that a try that was on its way when the lock fell counts where the limit is reached.</summary>
    private static string Subject(string email, long locks) => $"{email}\n{locks}";

    private bool NeedsCaptcha(long count, long locks) => count > options.Value.CaptchaAfter || locks > 0;

    /// <summary>Whether a password may be looked at.</summary>
    /// <param name="Code">Why not, or <see langword="null"/>.</param>
    /// <param name="Locks">How often the account was locked within a day.</param>
    /// <param name="Count">How many tries it were within the hour, with this one.</param>
    /// <param name="RetryAfter">When to come again.</param>
    internal sealed record Admission(string? Code, long Locks, long Count, TimeSpan? RetryAfter);
}
