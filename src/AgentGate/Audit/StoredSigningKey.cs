using AgentGate.Kernel.Signing;

namespace AgentGate.Audit;

/// <summary>One key of the key file. Never logged: <see cref="ToString"/> shows the id alone.</summary>
/// <param name="Public">The public part.</param>
/// <param name="Secret">The private part; <see langword="null"/> for one that comes from the environment, or signs no longer.</param>
/// <param name="State">Whether it signs.</param>
/// <param name="Environment">The environment it was made in, as the host names it.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record StoredSigningKey(
    VerificationKey Public, byte[]? Secret, SigningKeyState State, string Environment, DateTimeOffset CreatedAt)
{
    public override string ToString() => $"{Public.Id} ({State})";
}
