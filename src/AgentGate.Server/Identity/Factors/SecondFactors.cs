using AgentGate.Identity;

namespace AgentGate.Server.Identity.Factors;

/// <summary>
/// Checks codes and uses them up. A time step or a backup code is used by the one change of the user that is stored over what was read: of
/// two that show the same code at once, on whatever servers, one is let in.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SecondFactors(IUserDirectory users, BackupCodes backupCodes, FactorLimits limits, TimeProvider time) : ISecondFactors
{
    public async ValueTask<SecondFactorResult> VerifyAsync(User user, string? totp, string? backupCode, CancellationToken cancellationToken)
        => (await TryAsync(user, totp, backupCode, cancellationToken)).Result;

    /// <summary>Checks a code like <see cref="VerifyAsync"/>, and says when to come again where it was not looked at.</summary>
    public async Task<(SecondFactorResult Result, TimeSpan? RetryAfter)> TryAsync(User user, string? totp, string? backupCode, CancellationToken cancellationToken)
    {
        if (!user.TotpEnabled)
        {
            return (SecondFactorResult.NotEnrolled, null);
        }

        if (string.IsNullOrWhiteSpace(totp) && string.IsNullOrWhiteSpace(backupCode))
        {
            return (SecondFactorResult.CodeNeeded, null);
        }

        if (await limits.TryCodeAsync(user.Id, cancellationToken) is { } wait)
        {
            return (SecondFactorResult.Refused, wait);
        }

        for (User? current = user, tried = null; current is { TotpEnabled: true, IsActive: true }; current = await users.FindAsync(user.Id, cancellationToken))
        {
            var (used, result) = Use(current, totp, backupCode);
            if (used is null || Equals(tried?.Version, current.Version))
            {
                break;
            }

            if (await users.UpdateAsync(used, cancellationToken) == UserChange.Done)
            {
                await limits.CodeWasRightAsync(user.Id, cancellationToken);
                return (result, null);
            }

            // Somebody changed the user meanwhile: perhaps by this very code.
            tried = current;
        }

        return (SecondFactorResult.Refused, null);
    }

    /// <summary>The user with the code used up, or nothing where it is not good.</summary>
    public (User? Used, SecondFactorResult Result) Use(User user, string? totp, string? backupCode)
    {
        if (!string.IsNullOrWhiteSpace(totp))
        {
            return TotpCodes.StepOf(user.TotpSecret.AsSpan(), totp, time.GetUtcNow()) is { } step && step > user.TotpLastStep
                ? (user with { TotpLastStep = step }, SecondFactorResult.Totp)
                : (null, SecondFactorResult.Refused);
        }

        return backupCodes.IndexOf(user, backupCode!) is { } index
            ? (user with { BackupCodes = user.BackupCodes.SetItem(index, null) }, SecondFactorResult.BackupCode)
            : (null, SecondFactorResult.Refused);
    }
}
