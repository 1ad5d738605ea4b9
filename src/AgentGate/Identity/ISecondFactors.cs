namespace AgentGate.Identity;

/// <summary>Checks the second factor of a user whose password was right. Thread-safe. Throws when a store fails.</summary>
internal interface ISecondFactors
{
    /// <summary>Checks a code, and uses it up: neither a time step nor a backup code counts twice.</summary>
    /// <param name="user">The user as just read.</param>
    /// <param name="totp">The code of an authenticator, or <see langword="null"/>.</param>
    /// <param name="backupCode">A backup code, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<SecondFactorResult> VerifyAsync(User user, string? totp, string? backupCode, CancellationToken cancellationToken);
}
