namespace AgentGate.Identity;

/// <summary>Where nothing can check a second factor: whoever has none passes, whoever has one does not.</summary>
internal sealed class NoSecondFactors : ISecondFactors
{
    public ValueTask<SecondFactorResult> VerifyAsync(User user, string? totp, string? backupCode, CancellationToken cancellationToken)
        => ValueTask.FromResult(
            !user.TotpEnabled ? SecondFactorResult.NotEnrolled
            : totp is null && backupCode is null ? SecondFactorResult.CodeNeeded
            : SecondFactorResult.Refused);
}
