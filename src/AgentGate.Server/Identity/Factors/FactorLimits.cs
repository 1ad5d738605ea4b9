using AgentGate.Identity;

namespace AgentGate.Server.Identity.Factors;

/// <summary>
/// Says whether a proof may be looked at. A try is counted before it is, over all servers, and what was counted is forgotten when one
/// succeeds: of any number at once no more are looked at than the bound says.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class FactorLimits(IAttempts attempts, TimeProvider time)
{
    /// <summary>The most codes of a user that are looked at in a window: a guess of six digits comes true once in thirty thousand windows.</summary>
    public const int CodesMax = 10;

    /// <summary>The most challenges, or user codes, an address asks for in a minute.</summary>
    public const int AddressMax = 30;

    private const string OfUser = "second-factor";
    private const string OfUserCode = "device-user-code";
    private const string OfPassword = "second-factor-password";

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>Counts a try of a user's code.</summary>
    /// <returns>When to come again, or <see langword="null"/> where it may be looked at.</returns>
    public Task<TimeSpan?> TryCodeAsync(string userId, CancellationToken cancellationToken) => TryAsync(OfUser, userId, CodesMax, Window, cancellationToken);

    /// <summary>Counts a try of a signed-in user's password.</summary>
    public Task<TimeSpan?> TryPasswordAsync(string userId, CancellationToken cancellationToken) => TryAsync(OfPassword, userId, CodesMax, Window, cancellationToken);

    /// <summary>Counts what an address asks for without being known.</summary>
    /// <param name="kind">What, a constant.</param>
    /// <param name="address">The address.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<TimeSpan?> TryAddressAsync(string kind, string address, CancellationToken cancellationToken)
        => TryAsync(kind, SignInLimits.Network(address), AddressMax, TimeSpan.FromMinutes(1), cancellationToken);

    /// <summary>Forgets the codes that were counted: the owner is in.</summary>
    public Task CodeWasRightAsync(string userId, CancellationToken cancellationToken) => attempts.ResetAsync(OfUser, userId, cancellationToken);

    /// <summary>Forgets the passwords that were counted.</summary>
    public Task PasswordWasRightAsync(string userId, CancellationToken cancellationToken) => attempts.ResetAsync(OfPassword, userId, cancellationToken);

    /// <summary>Counts a try of a code that a device shows (RFC 8628 §5.1).</summary>
    public Task<TimeSpan?> TryUserCodeAsync(string userId, CancellationToken cancellationToken) => TryAsync(OfUserCode, userId, CodesMax * 2, Window, cancellationToken);

    /// <summary>Forgets the codes of devices that were counted.</summary>
    public Task UserCodeWasRightAsync(string userId, CancellationToken cancellationToken) => attempts.ResetAsync(OfUserCode, userId, cancellationToken);

    private async Task<TimeSpan?> TryAsync(string kind, string subject, int most, TimeSpan window, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (count, until) = await attempts.CountAsync(kind, subject, now, cancellationToken);
        if (count >= most)
        {
            // Not counted any further: the window ends all the same.
            return until - now;
        }

        return await attempts.AddAsync(kind, subject, window, now, cancellationToken) > most ? window : null;
    }
}
